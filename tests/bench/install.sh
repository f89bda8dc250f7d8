#!/usr/bin/env bash
# install.sh FOLDER -- the rivals, as far as registries can be reached: from
# PyPI into FOLDER/venv, PyTorch and oneDNN from Debian. Prints the Python that
# sees them.
folder=$1 python=${PYTHON:-/usr/bin/python3}
if [ ! -e "$folder/venv/ready" ]; then
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        for package in python3-venv python3-torch libdnnl-dev; do
            apt-get install -y -q --no-install-recommends "$package" \
                >>"$folder/apt.log" 2>&1 ||
                echo "bench: no $package, see $folder/apt.log" >&2
        done
    fi
    # With the system's packages: its PyTorch wants its numpy, below 2.
    if ! "$python" -m venv --system-site-packages "$folder/venv" \
        >"$folder/venv.log" 2>&1; then
        echo "bench: no virtual environment, see $folder/venv.log" >&2
        echo "$python"
        exit
    fi
    for package in onnx onnxruntime openvino ai-edge-litert \
        emx-onnx-cgen; do
        "$folder/venv/bin/pip" install -q 'numpy<2' "$package" \
            >>"$folder/pip.log" 2>&1 ||
            echo "bench: $package cannot be installed, see $folder/pip.log" >&2
    done
    touch "$folder/venv/ready"
fi
echo "$folder/venv/bin/python"
