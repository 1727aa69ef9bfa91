# Sourced by the commands here: finds Python 3.10+, makes a virtual environment of the project's own, tells progress.
# PYTHON picks the interpreter, VENV the environment's folder.

step="start"
log=$(mktemp)
trap 'code=$?; rm -f "$log"; if [ $code -ne 0 ]; then echo "FAILED: $step" >&2; fi' EXIT

say() { step=$1; echo "== $1 ($(date +%H:%M:%S))"; }
quietly() { "$@" >"$log" 2>&1 || { cat "$log" >&2; return 1; }; }

# new_venv PYTHON FOLDER: a virtual environment; Debian's Python has no ensurepip, there the package virtualenv helps out
new_venv() {
    "$1" -m venv "$2" && return
    rm -rf "$2"
    local tools; tools=$(mktemp -d)
    "$1" -m pip install --quiet --disable-pip-version-check --target "$tools" virtualenv &&
        PYTHONPATH=$tools "$1" -m virtualenv --quiet "$2"
    local code=$?
    rm -rf "$tools"
    return $code
}

# environment FOLDER EXTRA: an environment with the project and what EXTRA names; leaves its interpreter in $python
environment() {
    local python_found=${PYTHON:-} candidate
    if [ -z "$python_found" ]; then
        for candidate in python3 python python3.13 python3.12 python3.11 python3.10; do
            if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then python_found=$candidate; break; fi
        done
    fi
    if [ -z "$python_found" ]; then step="no Python 3.10 or newer was found"; return 1; fi
    local venv=${VENV:-$1}
    say "environment in $venv with $("$python_found" --version)"
    [ -x "$venv/bin/python" ] || quietly new_venv "$python_found" "$venv"
    python=$venv/bin/python
    say "install, with the core library"
    quietly "$python" -m pip install --disable-pip-version-check -e ".[$2]"
}
