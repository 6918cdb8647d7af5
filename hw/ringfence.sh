#!/bin/sh
# The installed `ringfence` command. It runs as the appliance's own user, who alone may read the data, and never
# as root.
set -eu
export GPIOZERO_PIN_FACTORY=lgpio
if [ -w /run/ringfence ]; then
    export LG_WD=/run/ringfence
fi
case "$(id -un)" in
    ringfence) exec /opt/ringfence/venv/bin/ringfence "$@" ;;
    root) exec setpriv --reuid=ringfence --regid=ringfence --init-groups --reset-env -- "$0" "$@" ;;
    *) echo "ringfence: please say: sudo ringfence $*" >&2 && exit 1 ;;
esac
