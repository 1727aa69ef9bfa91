# Sourced by the commands that try a wheel in an empty Debian: no compiler, no package index, nothing but Python.
# PACT_FFI_DEBIAN is the folder that keeps the system between runs, DEBIAN_SUITE the release (bookworm).

suite=${DEBIAN_SUITE:-bookworm}
kept=${PACT_FFI_DEBIAN:-${XDG_CACHE_HOME:-$HOME/.cache}/pact-ffi-debian}

needs() { for tool in "$@"; do command -v "$tool" >/dev/null || { echo "FAILED: $tool is needed (Debian has it as a package)" >&2; return 1; }; done; }

# inside ROOT COMMAND...: runs a command in the system; EMULATOR says with what, when the processor is another
inside() {
    local root=$1; shift
    local clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBOOTSTRAP_DIR=/debootstrap)
    if [ -n "${EMULATOR:-}" ]; then proot -q "$EMULATOR" -0 -r "$root" -b /dev -w / /usr/bin/"${clean[@]}" "$@"
    else /usr/sbin/chroot "$root" /usr/bin/"${clean[@]}" "$@"; fi
}

# direct ROOT PROGRAM...: runs one program that starts no other; proot does not translate all that the core asks for
direct() {
    local root=$1; shift
    if [ -z "${EMULATOR:-}" ]; then inside "$root" "$@"; return; fi
    cp "$(command -v "$EMULATOR")" "$root/emulator"
    env -i PATH=/usr/bin:/bin HOME=/root LC_ALL=C.UTF-8 /usr/sbin/chroot "$root" /emulator "$@"
}

# debian ARCHITECTURE: makes the system, once; leaves its folder in $root
debian() {
    root=$kept/$suite-$1
    [ -e "$root/ready" ] && return
    rm -rf "$root"; mkdir -p "$root"
    local options=(--variant=minbase --include=python3,python3-venv --arch="$1")
    echo "== Debian $suite for $1, kept in $root ($(date +%H:%M:%S))"
    if [ -n "${EMULATOR:-}" ]; then
        debootstrap --foreign "${options[@]}" "$suite" "$root" >"$root.log" || { tail -n 20 "$root.log" >&2; return 1; }
        echo "== second stage under $EMULATOR, which takes minutes ($(date +%H:%M:%S))"
        inside "$root" /bin/sh /debootstrap/debootstrap --second-stage >>"$root.log" || { tail -n 20 "$root.log" >&2; return 1; }
    else
        debootstrap "${options[@]}" "$suite" "$root" >"$root.log" || { tail -n 20 "$root.log" >&2; return 1; }
    fi
    touch "$root/ready"
}

# try_wheel PLATFORM DIST: installs the wheel from files alone, and tries it
try_wheel() {
    local python version
    python=$(command -v python3)
    version=$(inside "$root" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    [ -e "$root/etc/hosts" ] || echo 127.0.0.1 localhost >"$root/etc/hosts"  # debootstrap leaves that to the installer
    rm -rf "$root/try"; mkdir -p "$root/try/wheels"
    cp "$2"/pact_ffi-*-"$1".whl ci/smoke.py "$root/try/"
    echo "== wheels of the dependencies, for $1 and Python $version ($(date +%H:%M:%S))"
    "$python" -m pip download --quiet --disable-pip-version-check --only-binary=:all: --python-version "$version" \
        --platform "$1" --platform "${1/2_28/2_17}" --platform "${1/2_28/2014}" \
        --dest "$root/try/wheels" "$root"/try/pact_ffi-*.whl
    echo "== install ($(date +%H:%M:%S))"
    inside "$root" sh -c 'echo "$(uname -sm), $(grep -m 1 PRETTY /etc/os-release), compiler: $(command -v cc gcc clang || echo none)"'
    inside "$root" python3 -m venv /try/venv
    inside "$root" /try/venv/bin/python -m pip install --quiet --no-index --find-links /try/wheels pact-ffi
    echo "== try ($(date +%H:%M:%S))"
    direct "$root" /try/venv/bin/python -I /try/smoke.py
    direct "$root" /try/venv/bin/python -m pact_ffi info
}
