# What the proofs share. After all checks, `failed` is the exit status.
# shellcheck shell=bash disable=SC2034
set -uo pipefail
cd /root/ringfence || exit
export LC_ALL=C.UTF-8
unset NOTIFY_SOCKET # of the container, which is no service manager of ours
failed=0

# check WHAT COMMAND...: the command succeeds
check() {
    local what=$1
    shift
    if "$@"; then
        echo "ok    $what"
    else
        echo "FAIL  $what"
        failed=1
    fi
}

is() { [[ "$1" == "$2" ]] || { diff <(echo "$1") <(echo "$2") && false; }; }

# Whether the page answers within two minutes, if only that the line is not guarded.
answers() {
    /usr/bin/python3 -c '
import sys, time, urllib.error, urllib.request
for attempt in range(600):
    try:
        print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())
        sys.exit()
    except urllib.error.HTTPError as error:
        sys.exit(error.code != 503)
    except OSError as error:
        last = error
        time.sleep(0.2)
sys.exit(str(last))' http://127.0.0.1:8080/healthz
}

# Whether the page answers while COMMAND runs, and whether that stops without an error when it is told to.
serves() {
    local pid answered=0
    "$@" &
    pid=$!
    answers || answered=1
    kill $pid
    wait $pid && return "$answered"
}
