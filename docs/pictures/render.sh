#!/usr/bin/env bash
# Makes the pictures of docs/github.md anew: `just pictures`. It needs Node, npm and Chromium; the tests don't.
set -euo pipefail
cd "$(dirname "$0")"
root="$(cd ../.. && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cp package.json render.mjs "$work"
cp -r "$root/examples/acme" "$work/small"
cp -r "$root/examples/acme" "$work/blocked"
# Three limits that the plan of the example does not keep.
sed -i 's/untrack: {[^}]*}/untrack: 0/; s/leaveGroup: {[^}]*}/leaveGroup: 0/' "$work/blocked/rollcall.yaml"
cargo build --bin rollcall --example workload
"$root/target/debug/examples/workload" 20000 "$work/huge"

cd "$work"
npm install --no-package-lock --silent
for plan in small blocked huge; do
    # A plan over its limits exits with 3.
    "$root/target/debug/rollcall" plan "$plan" --fresh --markdown "$plan.md" >/dev/null || [ $? = 3 ]
done
"$root/target/debug/rollcall" plan small --fresh --html page.html >/dev/null
for mode in 1:light 0:dark; do
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1200,1900 \
        --blink-settings=preferredColorScheme="${mode%:*}" \
        --screenshot="$root/docs/pictures/page-${mode#*:}.png" "file://$work/page.html" 2>/dev/null
done
node render.mjs small blocked huge
for plan in small blocked huge; do
    for mode in light dark; do
        chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=812,1500 \
            --screenshot="$root/docs/pictures/$plan-$mode.png" "file://$work/$plan-$mode.html" 2>/dev/null
    done
done
