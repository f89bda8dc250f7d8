#!/usr/bin/env bash
# run_all.sh [COUNT] -- random models of Keras 3, tf-keras, PyTorch, TensorFlow.js
# and onnxruntime against the C that rnnc makes of them; COUNT in all, with fixed
# seeds. The default is meant to let every pair of options meet in some model;
# what is left is printed.
#
# Frameworks come from PyPI into virtual environments below $BUILD; PyTorch from
# the system's python3-torch where it is or can be installed; TensorFlow.js from
# npm, for node. What cannot be installed is skipped, and said. Status 1 if
# anything differs.
set -u
cd "$(dirname "$0")/../.." || exit 1
count=${1:-5000}
environment=${BUILD:-build}/oracle
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
export RNNC=${RNNC:-$PWD/build/rnnc}
status=0 ran=0 torch=python3

install_keras()
{
    [ -e "$environment/ready" ] && return
    python=$(compiler/deps.sh python) || python=python3
    "$python" -m venv "$environment" >/dev/null &&
        "$environment/bin/pip" install -q tensorflow-cpu tf-keras \
            >"$environment/pip.log" 2>&1 && touch "$environment/ready"
}

# By itself: its protobuf need not be TensorFlow's.
install_onnx()
{
    [ -e "$environment/onnx/ready" ] && return
    python=$(compiler/deps.sh python) || python=python3
    "$python" -m venv "$environment/onnx" >/dev/null &&
        "$environment/onnx/bin/pip" install -q onnx onnxruntime \
            >"$environment/onnx/pip.log" 2>&1 && touch "$environment/onnx/ready"
}

find_torch()
{
    for python in /usr/bin/python3 "$environment/bin/python"; do
        "$python" -c 'import torch, numpy' 2>/dev/null && torch=$python && return
    done
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null &&
        apt-get install -y -q python3-torch >/dev/null 2>&1 &&
        torch=/usr/bin/python3 && "$torch" -c 'import torch' 2>/dev/null
}

# Its models need no Python but for numpy.
find_tfjs()
{
    for python in "$environment/bin/python" "$torch" python3; do
        "$python" -c 'import numpy' 2>/dev/null && break
    done
    "$python" -c 'import numpy' 2>/dev/null && command -v node >/dev/null &&
        command -v npm >/dev/null || return
    case $environment in
    /*) NODE_PATH=$environment/node_modules ;;
    *) NODE_PATH=$PWD/$environment/node_modules ;;
    esac
    export NODE_PATH
    [ -e "$environment/tfjs_ready" ] && return
    mkdir -p "$environment" &&
        npm install --prefix "$environment" --ignore-scripts --no-audit \
            --no-fund @tensorflow/tfjs@4.22.0 >"$environment/npm.log" 2>&1 &&
        touch "$environment/tfjs_ready"
}

# run NAME PYTHON SHARE: that many percent of the models
run()
{
    echo "== $1, $((count * $3 / 100)) models"
    "$2" tests/oracle/oracle.py "$1" --count $((count * $3 / 100)) \
        2>"$environment.$1.log" || {
        status=1
        tail -n 5 "$environment.$1.log"
    }
    ran=$((ran + 1))
}

# masks NAME: the cases of masked_states.py, one for ten models
masks()
{
    echo "== $1, masks and states"
    "$environment/bin/python" tests/oracle/masked_states.py "$1" \
        $((count / 10)) >"$environment.$1.masks" 2>"$environment.$1.log" || {
        status=1
        grep -A 3 '^not ok' "$environment.$1.masks"
        tail -n 5 "$environment.$1.log"
    }
    grep -c '^ok' "$environment.$1.masks" | sed 's/$/ agree/'
}

if install_keras; then
    KERAS_BACKEND=tensorflow run keras "$environment/bin/python" 55
    run tf_keras "$environment/bin/python" 8
    KERAS_BACKEND=tensorflow masks keras
    masks tf_keras
else
    echo "== Keras skipped: it cannot be installed (see $environment/pip.log)"
fi
if find_torch; then
    run torch "$torch" 18
else
    echo "== PyTorch skipped: neither python3-torch nor torch is there"
fi
if find_tfjs; then
    run tfjs "$python" 13
else
    echo "== TensorFlow.js skipped: node, npm, numpy or the package is missing"
fi
if install_onnx; then
    run onnx "$environment/onnx/bin/python" 6
else
    echo "== ONNX skipped: it cannot be installed (see $environment/onnx/pip.log)"
fi
[ "$ran" -gt 0 ] || echo "nothing was compared"
exit "$status"
