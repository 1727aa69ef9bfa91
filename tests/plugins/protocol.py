"""The messages of the plugin protocol that the plugin of the tests uses, declared in Python.

A line is a message; a field's place in the line is its number, ``-`` is a number that is not used, ``*`` repeats,
``map:`` is keyed by text. Both sides skip what they do not know, so nothing else has to be here.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, empty_pb2, message_factory, struct_pb2, wrappers_pb2
from google.protobuf.message import Message

PACKAGE = "io.pact.plugin"
_WELL_KNOWN = (struct_pb2, wrappers_pb2, empty_pb2)
_SCALARS = {"string": 9, "bytes": 12, "bool": 8, "uint32": 13}
_MESSAGE = 11
_DECLARED = """
InitPluginRequest: implementation=string version=string
CatalogueEntry: type=uint32 key=string values=map:string
InitPluginResponse: catalogue=*CatalogueEntry
Catalogue: catalogue=*CatalogueEntry
Body: contentType=string content=google.protobuf.BytesValue contentTypeHint=uint32
MatchingRule: type=string values=google.protobuf.Struct
MatchingRules: rule=*MatchingRule
Generator: type=string values=google.protobuf.Struct
PluginConfiguration: interactionConfiguration=google.protobuf.Struct pactConfiguration=google.protobuf.Struct
CompareContentsRequest: expected=Body actual=Body allow_unexpected_keys=bool rules=map:MatchingRules \
pluginConfiguration=PluginConfiguration
ContentTypeMismatch: expected=string actual=string
ContentMismatch: expected=google.protobuf.BytesValue actual=google.protobuf.BytesValue mismatch=string path=string \
diff=string
ContentMismatches: mismatches=*ContentMismatch
CompareContentsResponse: error=string typeMismatch=ContentTypeMismatch results=map:ContentMismatches
ConfigureInteractionRequest: contentType=string contentsConfig=google.protobuf.Struct
InteractionResponse: contents=Body rules=map:MatchingRules generators=map:Generator \
messageMetadata=google.protobuf.Struct pluginConfiguration=PluginConfiguration - - partName=string
ConfigureInteractionResponse: error=string interaction=*InteractionResponse pluginConfiguration=PluginConfiguration
GenerateContentRequest: contents=Body generators=map:Generator pluginConfiguration=PluginConfiguration
GenerateContentResponse: contents=Body
StartMockServerRequest: hostInterface=string port=uint32 tls=bool pact=string testContext=google.protobuf.Struct
MockServerDetails: key=string port=uint32 address=string
StartMockServerResponse: error=string details=MockServerDetails
ShutdownMockServerRequest: serverKey=string
MockServerRequest: serverKey=string
MockServerResult: path=string error=string mismatches=*ContentMismatch
ShutdownMockServerResponse: ok=bool results=*MockServerResult
MockServerResults: ok=bool results=*MockServerResult
VerificationPreparationRequest: pact=string interactionKey=string config=google.protobuf.Struct
MetadataValue: nonBinaryValue=google.protobuf.Value binaryValue=bytes
InteractionData: body=Body metadata=map:MetadataValue
VerificationPreparationResponse: error=string interactionData=InteractionData
VerifyInteractionRequest: interactionData=InteractionData config=google.protobuf.Struct pact=string \
interactionKey=string
VerificationResultItem: error=string mismatch=ContentMismatch
VerificationResult: success=bool responseData=InteractionData mismatches=*VerificationResultItem output=*string
VerifyInteractionResponse: error=string result=VerificationResult
"""

METHODS = {  # name: (request, response)
    "InitPlugin": ("InitPluginRequest", "InitPluginResponse"),
    "UpdateCatalogue": ("Catalogue", "google.protobuf.Empty"),
    "CompareContents": ("CompareContentsRequest", "CompareContentsResponse"),
    "ConfigureInteraction": ("ConfigureInteractionRequest", "ConfigureInteractionResponse"),
    "GenerateContent": ("GenerateContentRequest", "GenerateContentResponse"),
    "StartMockServer": ("StartMockServerRequest", "StartMockServerResponse"),
    "ShutdownMockServer": ("ShutdownMockServerRequest", "ShutdownMockServerResponse"),
    "GetMockServerResults": ("MockServerRequest", "MockServerResults"),
    "PrepareInteractionForVerification": ("VerificationPreparationRequest", "VerificationPreparationResponse"),
    "VerifyInteraction": ("VerifyInteractionRequest", "VerifyInteractionResponse"),
}


def _full(name: str) -> str:
    return f".{name}" if "." in name else f".{PACKAGE}.{name}"


def _set_type(field: descriptor_pb2.FieldDescriptorProto, kind: str) -> None:
    field.type = _SCALARS.get(kind, _MESSAGE)
    if kind not in _SCALARS:
        field.type_name = _full(kind)


def _add_field(message: descriptor_pb2.DescriptorProto, number: int, name: str, kind: str) -> None:
    field = message.field.add(name=name, number=number, label=1)
    if kind.startswith("map:"):
        entry = message.nested_type.add(name=f"{name[0].upper()}{name[1:]}Entry")
        entry.options.map_entry = True
        _add_field(entry, 1, "key", "string")
        _add_field(entry, 2, "value", kind[4:])
        kind = f"*{PACKAGE}.{message.name}.{entry.name}"
    if kind.startswith("*"):
        field.label, kind = 3, kind[1:]
    _set_type(field, kind)


def _pool() -> descriptor_pool.DescriptorPool:
    pool = descriptor_pool.Default()
    file = descriptor_pb2.FileDescriptorProto(name="plugin.proto", package=PACKAGE, syntax="proto3")
    file.dependency.extend(module.DESCRIPTOR.name for module in _WELL_KNOWN)
    for line in _DECLARED.strip().splitlines():
        name, _, fields = line.partition(": ")
        message = file.message_type.add(name=name)
        for number, field in enumerate(fields.split(), start=1):
            if field != "-":
                _add_field(message, number, *field.split("=", 1))
    pool.AddSerializedFile(file.SerializeToString())
    return pool


_POOL = _pool()


def message(name: str) -> type[Message]:
    """Return the class of the message ``name``."""
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(_full(name)[1:]))
