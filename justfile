# `just` lists these; every one is a plain cargo command you can also type.

_list:
    @just --list

# Does it compile? The fastest answer while editing.
check:
    cargo check --all-targets

# Everything, or what matches: `just test plan::limits`, `just test --test cases`.
test *ARGS:
    cargo test {{ ARGS }}

# Runs against accounts that misbehave, by so many seeds: docs/reliability.md.
chaos SEEDS="1000":
    CHAOS_SEEDS={{ SEEDS }} cargo test --release --test it chaos:: -- --nocapture

# Random companies, applied and compared with a plain model of what they should be: docs/reliability.md.
companies SEEDS="1000":
    COMPANIES_SEEDS={{ SEEDS }} cargo test --release --test it companies:: -- --nocapture

# Writes expected output and generated documents anew. Read the difference before you commit it.
bless:
    BLESS=1 cargo test

# Format and lints, as CI holds them.
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

# Licences, banned crates, where crates come from.
deny:
    cargo deny check --hide-inclusion-graph bans licenses sources

# The pictures of docs/pictures, with Node, npm and Chromium.
pictures:
    docs/pictures/render.sh

# The measurements behind docs/performance.md.
bench *ARGS:
    cargo bench {{ ARGS }}

# Rollcall beside a parser, a decoder, curl and octoDNS, and how it grows: one table in target/bench, `--write` for the docs, `--million`.
bench-all *ARGS:
    cargo bench --bench all -- {{ ARGS }}

# Do fixed workloads take more instructions than they did? After `cargo test`, with valgrind. `BLESS=1 just instructions` writes them.
instructions:
    .ci/instructions

# A run against an account that takes RATE requests a second: by default the 110 seconds behind docs/performance.md.
rate REQUESTS="2000" RATE="20":
    ROLLCALL_REQUESTS={{ REQUESTS }} ROLLCALL_RATE={{ RATE }} cargo test --test it a_limited_account -- --nocapture

# What CI runs.
ci:
    .ci/run
