"""Whether the whole suite ran: only then interactions that no test describes any more leave the pact file."""

from __future__ import annotations

import glob
from pathlib import Path

import pytest

# Options of pytest that leave out what is never collected, whether from command line, ini file or environment.
# What is collected and then deselected (-k, -m, --deselect) is counted instead.
_CHOOSING = ("ignore", "ignore_glob", "override_ini", "lf", "stepwise", "pyargs")


def left_out(config: pytest.Config) -> str:
    """Return what may have left tests out; an empty text when the whole suite was collected, for certain."""
    for option in _CHOOSING:
        if config.getoption(option, None):
            return f"the option --{option.replace('_', '-')}"
    for plugin in config.pluginmanager.get_plugins():
        for name in ("collect_ignore", "collect_ignore_glob"):
            if getattr(plugin, name, None):
                return f"{name} in {getattr(plugin, '__file__', plugin)}"
    for implementation in config.hook.pytest_ignore_collect.get_hookimpls():
        module = getattr(implementation.function, "__module__", "")
        if not module.startswith("_pytest."):
            return f"pytest_ignore_collect in {module}"
    patterns = [str(Path(glob.escape(str(config.rootpath)), pattern)) for pattern in config.getini("testpaths")]
    wanted = [Path(found) for pattern in patterns for found in glob.glob(pattern)] or [config.rootpath]
    chosen = [Path(config.invocation_params.dir, argument).resolve() for argument in config.args]
    if not all(any(path == w or path in w.parents for path in chosen) for w in wanted):
        return "the paths of the command line"
    return ""
