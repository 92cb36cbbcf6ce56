#!/usr/bin/env bash
# The peers beside the engine, on the same files: bash engines/roster-match/benches/peers.sh
#   PEOPLE=1000000 ROWS=100000 NOISES="1.0 2.5" PARTS="rosters febrl pseudopeople"
# What they need is installed once, from PyPI, below target/.
set -euo pipefail
cd "$(dirname "$0")/../../.."
target="${CARGO_TARGET_DIR:-target}"
peers="$target/peers/roster-match"
python="$peers/venv/bin/python"
here=engines/roster-match/benches/peers
if [ ! -e "$peers/installed" ]; then
    mkdir -p "$peers"
    python3 -m venv "$peers/venv"
    "$python" -m pip install --quiet \
        "duckdb>=2,<3" "polars>=2,<3" "rapidfuzz>=3.14,<4" "splink>=5,<6" "recordlinkage==0.16" "scikit-learn>=1.9,<2" "pseudopeople>=1.3,<2"
    touch "$peers/installed"
fi
cargo build --release -p roster-match --example roster_town --example compare --example link
"$python" -m pip list 2>/dev/null | grep -iE '^(duckdb|polars|rapidfuzz|splink|recordlinkage|scikit-learn|pseudopeople) '
nproc
for part in ${PARTS:-rosters febrl pseudopeople}; do
    case "$part" in
    rosters)
        for noise in ${NOISES:-1.0 2.5}; do
            town="$peers/town-$noise"
            "$target/release/examples/roster_town" "$town" "${PEOPLE:-1000000}" "${ROWS:-100000}" "$noise" 1
            echo "rosters, noise $noise"
            "$python" "$here/peers.py" "$town" "$target/release/examples/compare"
            rm -r "$town"
        done
        ;;
    febrl) "$python" "$here/febrl.py" "$target/release/examples/link" ;;
    pseudopeople) "$python" "$here/pseudopeople_link.py" "$target/release/examples/link" ;;
    *) echo "no such part: $part" >&2 && exit 1 ;;
    esac
done
