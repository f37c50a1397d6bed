#!/usr/bin/env bash
# Puts `rollcall` where the second step of action.yml finds it: one that is there already, a release whose SHA-256 stands in
# manifest.json beside this file, or, where the workflow asks for it, one that is built from the files of this repository.
# It runs by bash 3.2 and later (macOS), and needs no jq. Whatever a workflow says is compared with a pattern or only quoted.
set -euo pipefail
unset BASH_ENV ENV CDPATH GLOBIGNORE TAR_OPTIONS UNZIP UNZIPOPT

action="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"
manifest="$action/action/manifest.json"

# Ends the step with a remark: what is wrong, and what to do. No character in it has a meaning for the runner.
fail() {
    local text="$1"
    text="${text//'%'/%25}"
    text="${text//$'\r'/%0D}"
    text="${text//$'\n'/%0A}"
    printf '::error title=Rollcall is not installed::%s\n' "$text"
    exit 1
}

# What a workflow said, as it can be shown.
shown() {
    printf '%s' "${1//[^A-Za-z0-9._\/:@+ \\-]/?}"
}

# The value of a key of the manifest, which has each on a line of its own.
known() {
    local line pattern='^ *"([^"]+)": *"([^"]*)",?$'
    while IFS= read -r line || [ -n "$line" ]; do
        if [[ "${line%$'\r'}" =~ $pattern && "${BASH_REMATCH[1]}" == "$1" ]]; then
            printf '%s' "${BASH_REMATCH[2]}"
            return
        fi
    done <"$manifest"
}

# A folder of the runner, as bash names it on Windows too.
folder() {
    if [ "${RUNNER_OS:-}" = Windows ] && command -v cygpath >/dev/null; then
        cygpath -u "$1"
    else
        printf '%s' "$1"
    fi
}

sha256() {
    local line
    if command -v sha256sum >/dev/null; then
        line="$(sha256sum <"$1")"
    else
        line="$(shasum -a 256 <"$1")"
    fi
    printf '%s' "${line%% *}"
}

# Whether a file is there, and is the one that was released.
is_released() {
    [ -f "$1" ] && [ "$(sha256 "$1")" = "$2" ]
}

# The target that a release for this runner is built for; nothing where there is none.
target() {
    case "${RUNNER_OS:?}/${RUNNER_ARCH:?}" in
        Linux/X64) printf 'x86_64-unknown-linux-musl' ;;
        Linux/ARM64) printf 'aarch64-unknown-linux-musl' ;;
        macOS/X64) printf 'x86_64-apple-darwin' ;;
        macOS/ARM64) printf 'aarch64-apple-darwin' ;;
        Windows/X64) printf 'x86_64-pc-windows-msvc' ;;
    esac
}

# Hands the program on, once it has said what it is.
hand_on() {
    local bin="$1" wanted="$2" said pattern='^rollcall ([0-9]+\.[0-9]+\.[0-9]+)( .*)?$'
    said="$("$bin" --version 2>/dev/null | head -n 1)" || said=""
    if ! [[ "${said%$'\r'}" =~ $pattern ]]; then
        fail "$(shown "$bin") is not rollcall, or does not run on this runner."
    fi
    if [ -n "$wanted" ] && [ "${BASH_REMATCH[1]}" != "$wanted" ]; then
        fail "$(shown "$bin") is rollcall ${BASH_REMATCH[1]}, and $wanted is wanted."
    fi
    printf 'rollcall %s: %s\n' "${BASH_REMATCH[1]}" "$(shown "$bin")"
    printf 'bin=%s\n' "$bin" >>"${GITHUB_OUTPUT:?}"
    exit 0
}

# A program that is there: a path, or a name on the path of the runner.
given() {
    local bin="$ROLLCALL_BINARY"
    case "$bin" in
        *$'\n'* | *$'\r'*) fail "The input 'binary' is one path, in one line." ;;
        */* | *\\*) ;;
        *) bin="$(type -P -- "$bin")" || fail "The input 'binary' names no program on the path: $(shown "$ROLLCALL_BINARY"). Say a path, as in './bin/rollcall'." ;;
    esac
    case "$bin" in
        /* | [A-Za-z]:*) ;;
        *) bin="$PWD/$bin" ;;
    esac
    if ! [ -f "$bin" ] || ! [ -x "$bin" ]; then
        fail "The input 'binary' leads to no program: $(shown "$bin"). It is a path below the workspace, or an absolute one."
    fi
    hand_on "$bin" "$version"
}

# Fetches an address into a file: https, unless it is on this machine.
fetch() {
    local proto='=https'
    case "$1" in
        https://*) ;;
        http://127.0.0.1:*) proto='=http' ;;
        *) fail "manifest.json names no https address." ;;
    esac
    curl --proto "$proto" --proto-redir '=https' --tlsv1.2 --fail --silent --show-error --location --connect-timeout 20 \
        --max-time 300 --retry 4 --output "$2" "$1" || fail "The release could not be fetched from $(shown "$1"). Where the runner has no way there, put the program on it and say 'binary: PATH'."
}

# A release, from the runner's cache or from where it was released. What is unpacked is what was compared: a copy of our own.
released() {
    local asset="$1" digest="$2" target="$3" own="$4" cache mine
    mine="$own/$asset"
    cache="$(folder "${RUNNER_TOOL_CACHE:-$own}")/rollcall/$version/$target"
    if [ -f "$cache/$asset" ] && cp -- "$cache/$asset" "$mine" && ! is_released "$mine" "$digest"; then
        printf '::warning title=Rollcall::The cache of the runner holds another file than the release; it is fetched again.\n'
    fi
    if ! is_released "$mine" "$digest"; then
        rm -f -- "$mine"
        fetch "$repository/releases/download/v$version/$asset" "$mine"
        is_released "$mine" "$digest" ||
            fail "$asset is not what was released: its SHA-256 is $(sha256 "$mine"), and manifest.json says $digest. Nothing of it was run."
        # Without a cache it is fetched each time.
        if mkdir -p -- "$cache" 2>/dev/null && cp -- "$mine" "$cache/.$asset.$$" 2>/dev/null; then
            mv -f -- "$cache/.$asset.$$" "$cache/$asset" || true
        fi
    fi
    case "$asset" in
        *.zip)
            unzip -q -o "$mine" "${asset%.zip}/rollcall.exe" -d "$own"
            hand_on "$own/${asset%.zip}/rollcall.exe" "$version"
            ;;
        *)
            tar -xzf "$mine" -C "$own" "${asset%.tgz}/rollcall"
            hand_on "$own/${asset%.tgz}/rollcall" "$version"
            ;;
    esac
}

# The program, built from the files of this repository. Cargo reads settings of the folder that it is started in, so that is not the
# workspace, where a pull request could say what runs.
built() {
    local own="$1"
    command -v cargo >/dev/null || fail "'fallback: cargo-install' needs Rust on the runner, and there is no cargo."
    printf '::group::cargo install\n'
    (cd -- "$action" && cargo install --locked --path . --root "$own" --target-dir "$own/target") || {
        printf '::endgroup::\n'
        fail "'fallback: cargo-install' could not build the program; the log above says why."
    }
    printf '::endgroup::\n'
    rm -rf -- "$own/target"
    case "${RUNNER_OS:-}" in
        Windows) hand_on "$own/bin/rollcall.exe" "$version" ;;
        *) hand_on "$own/bin/rollcall" "$version" ;;
    esac
}

ways_out="Say 'binary: PATH' for a program that is on the runner, or 'fallback: cargo-install' to build it, which takes minutes and needs Rust."
version="${ROLLCALL_VERSION:-}"
number='^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$'
if [ -n "$version" ] && ! [[ "$version" =~ $number ]]; then
    fail "The input 'version' is 'X.Y.Z', three numbers, and this is something else: $(shown "$version")"
fi
case "${ROLLCALL_FALLBACK:-none}" in
    none | cargo-install) ;;
    *) fail "The input 'fallback' can be 'none' or 'cargo-install', and this is something else: $(shown "$ROLLCALL_FALLBACK")" ;;
esac
if [ -n "${ROLLCALL_BINARY:-}" ]; then
    given
fi

umask 077
own="$(mktemp -d "$(folder "${RUNNER_TEMP:?}")/rollcall.XXXXXXXX")"
target="$(target)"
repository="$(known repository)"
asked="$version"
version="${version:-$(known version)}"
suffix=tgz
if [ "${RUNNER_OS:-}" = Windows ]; then suffix=zip; fi
asset="rollcall-$target-v$version.$suffix"
digest="$(known "$asset")"
if [ -n "$target" ] && [[ "$version" =~ $number ]] && [[ "$digest" =~ ^[0-9a-f]{64}$ ]]; then
    released "$asset" "$digest" "$target" "$own"
fi
if [ "${ROLLCALL_FALLBACK:-none}" = cargo-install ]; then
    version="$asked"
    built "$own"
fi
if [ -z "$(known version)" ]; then
    fail "This version of the action holds no SHA-256 of a release. $ways_out"
fi
if [ -z "$target" ]; then
    fail "No release is built for ${RUNNER_OS}/${RUNNER_ARCH}. $ways_out"
fi
fail "The action holds no SHA-256 of rollcall $version for $target. Leave 'version' out for $(known version). $ways_out"
