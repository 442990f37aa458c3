#!/usr/bin/env bash
# Installs what grading needs when Gradescope builds the image: Python 3.11 or newer, the packages
# that answers import, bubblewrap, and a user that cannot read what grades.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
here=$(dirname "$source")
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install -y bubblewrap || echo "bubblewrap is not available: answers run without it"
apt-get install -y python3-venv || true

fits() { "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; }
python=
for name in python3 python3.13 python3.12 python3.11; do
  if fits "$name"; then python=$name; break; fi
done
if [ -z "$python" ] && apt-get install -y python3.11 python3.11-venv; then python=python3.11; fi
if [ -z "$python" ]; then
  echo "Python 3.11 or newer was not found: choose a newer base image, such as Ubuntu 24.04." >&2
  exit 1
fi
"$python" -m venv "$here/environment"
"$here/environment/bin/python" -m pip install --no-cache-dir "$source/student"

id submission > /dev/null 2>&1 || useradd --system --no-create-home submission
cd "$source"
chmod -R go= instructor setup.sh run_autograder
chmod go+x instructor instructor/grading instructor/grading/sandbox
chmod -R go+rX instructor/grading/sandbox/inside
# The list of fonts takes seconds to make, and is made once.
mkdir -p "$here/matplotlib"
MPLCONFIGDIR=$here/matplotlib "$here/environment/bin/python" -c 'import matplotlib.font_manager'
chown -R submission "$here/matplotlib"
