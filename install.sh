#!/bin/bash
# Installs Ringfence on Debian or Raspberry Pi OS, release 12 or 13.
#
# Every step looks at what is there and changes only what differs, so that running it again is an upgrade, a
# repair after the plug was pulled, or nothing at all.
set -euo pipefail
umask 022
cd "$(dirname "$(readlink -f "$0")")"

readonly python=/usr/bin/python3
readonly home=/opt/ringfence config=/etc/ringfence/ringfence.toml data=/var/lib/ringfence
readonly unit=/etc/systemd/system/ringfence.service rules=/etc/udev/rules.d/60-ringfence.rules
readonly stick_unit=/etc/systemd/system/media-ringfence.mount
readonly watchdog=/etc/systemd/system.conf.d/60-ringfence.conf
readonly command=/usr/local/bin/ringfence sip_unit=/etc/systemd/system/ringfence-sip.service
readonly sources=(firmware web hw pyproject.toml README.md CHANGELOG.md LICENSE requirements.lock)

for_python=(python3 python3-venv ca-certificates openssl)
for_sip=(kamailio kamailio-extra-modules kamailio-redis-modules kamailio-tls-modules)

usage() {
    cat <<'EOF'
sudo ./install.sh              install the appliance, or upgrade it to this checkout
sudo ./install.sh --sip        the same, with the SIP proxy: see hw/README.md
sudo ./install.sh --uninstall  remove everything but the data
./install.sh --demo            try it in this checkout, without hardware; further options go to `ringfence demo`
./install.sh --test            run the whole test suite in this checkout

pip's own variables are heeded, for example PIP_NO_INDEX and PIP_FIND_LINKS where there is no network.
EOF
}

say() { printf '%s\n' "$@"; }
die() { printf 'install.sh: %s\n' "$*" >&2 && exit 1; }

check_release() {
    local ID='' VERSION_ID='' PRETTY_NAME='this system'
    # shellcheck source=/dev/null
    [[ -r /etc/os-release ]] && . /etc/os-release
    case "$ID:$VERSION_ID" in
        debian:1[23] | raspbian:1[23]) ;;
        *) die "Ringfence runs on Debian or Raspberry Pi OS, release 12 or 13; this is $PRETTY_NAME." ;;
    esac
    case "$VERSION_ID:$(dpkg --print-architecture)" in
        *:amd64 | 12:arm64) ;;
        # lgpio, which drives the pins, is compiled here: PyPI has no wheel of it for Python 3.13.
        13:arm64) for_python+=(gcc libc6-dev python3-dev swig) ;;
        *) die "Ringfence needs a 64-bit system; this one is $(dpkg --print-architecture)." ;;
    esac
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo: $*"
    fi
}

# Debian packages, those that are missing.
debian() {
    local package missing=()
    for package; do
        [[ "$(dpkg-query -Wf '${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    say "Installing Debian packages: ${missing[*]}"
    as_root apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "${missing[@]}" >/dev/null
}

# Makes a virtual environment with the packages that a lock file pins by hash. Those that come as source are built
# by the setuptools of the same lock, not by one that pip would fetch unseen; PYPI=1 has lgpio bring its own library.
fill_venv() {
    local venv=$1 lock=$2
    local pip=("$venv/bin/pip" --disable-pip-version-check --quiet --no-cache-dir install --require-hashes)
    "$python" -m venv --clear "$venv"
    "${pip[@]}" --no-deps -r <(sed -n '/^setuptools==/,/[^\\]$/p' "$lock")
    PYPI=1 "${pip[@]}" --no-build-isolation --use-pep517 -r "$lock"
}

fill_project() {
    local venv=$1
    shift
    "$venv/bin/pip" --disable-pip-version-check --quiet install --no-deps --no-build-isolation --no-index "$@"
}

# --- the appliance ---

changed=false

# Installs a file, unless the same is there.
place() {
    local source=$1 target=$2 mode=$3
    [[ -f $target && "$(stat -c %a:%u "$target")" == "$mode:0" ]] && cmp -s "$source" "$target" && return
    install -D -m "$mode" "$source" "$target.new"
    mv "$target.new" "$target"
    changed=true
}

needs_root() { ((EUID == 0)) || die "please run it as root: sudo ./install.sh $*"; }
booted() { [[ -d /run/systemd/system ]]; }

create_user() {
    local group
    id -u ringfence &>/dev/null ||
        useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \
            --comment 'Ringfence call blocker' ringfence
    for group in dialout gpio; do
        getent group "$group" >/dev/null || continue
        [[ " $(id -nG ringfence) " == *" $group "* ]] || usermod --append --groups "$group" ringfence
    done
}

# The data belongs to the user, also when it was left by an earlier installation that had another user id.
create_data() {
    [[ "$(stat -c %U:%a "$data" 2>/dev/null)" == ringfence:700 ]] && return
    install -d -m 0700 "$data"
    chown -hR ringfence:ringfence "$data"
}

# One name for all that goes into the virtual environment.
fingerprint() {
    {
        "$python" --version
        find "${sources[@]}" install.sh -type f -not -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    } | sha256sum | cut -c -12
}

# The environment is made beside the one in use and swapped in by one rename, when it is whole and on the disk.
install_venv() {
    local new=$home/$1 build=$home/build
    [[ "$(readlink "$home/venv")" == "$1" ]] && return
    say 'Installing the Python packages; on a small Pi this takes some minutes.'
    mkdir -p "$home"
    fill_venv "$new" requirements.lock
    rm -rf "$build"
    mkdir "$build"
    tar -c --exclude=__pycache__ "${sources[@]}" | tar -xC "$build"
    fill_project "$new" "$build"
    "$new/bin/ringfence" version
    sync -f "$home"
    ln -s "$1" "$home/venv.new"
    mv -T "$home/venv.new" "$home/venv"
    changed=true
}

remove_leftovers() {
    find "$home" -mindepth 1 -maxdepth 1 -type d -not -name "$1" -exec rm -r {} +
}

# The shipped settings are kept beside the program: settings that still equal them are not the owner's work.
install_config() {
    local shipped=$home/ringfence.toml
    if [[ ! -e $config ]] || cmp -s "$config" "$shipped"; then
        place hw/ringfence.toml "$config" 644
    fi
    place hw/ringfence.toml "$shipped" 644
}

install_system_files() {
    place hw/ringfence.service "$unit" 644
    place hw/ringfence.sh "$command" 755
    place hw/media-ringfence.mount "$stick_unit" 644
    install_watchdog
    cmp -s hw/60-ringfence.rules "$rules" && return
    place hw/60-ringfence.rules "$rules" 644
    reload_udev
}

# Kamailio as its Debian package has it, but run by a unit of ours; the package's own is turned off.
install_sip() {
    debian "${for_sip[@]}"
    systemctl --quiet disable kamailio 2>/dev/null || true
    if booted; then systemctl --quiet stop kamailio 2>/dev/null || true; fi
    place hw/ringfence-sip.service "$sip_unit" 644
    systemctl --quiet enable ringfence-sip 2>/dev/null
}

# A kernel that hangs during a cut would hold the relay: on a Pi the hardware resets it.
install_watchdog() {
    has_pi_watchdog || return 0
    cmp -s hw/60-ringfence.conf "$watchdog" && return
    place hw/60-ringfence.conf "$watchdog" 644
    if booted; then systemctl daemon-reexec; fi
}

has_pi_watchdog() {
    [[ -c /dev/watchdog0 ]] && grep -qs 'Raspberry Pi' /proc/device-tree/model
}

remove_watchdog() {
    [[ -e $watchdog ]] || return 0
    rm "$watchdog"
    rmdir --ignore-fail-on-non-empty "$(dirname "$watchdog")"
    if booted; then systemctl daemon-reexec; fi
}

reload_udev() {
    [[ -S /run/udev/control ]] || return 0
    udevadm control --reload
    udevadm trigger --action=change --subsystem-match=usb --subsystem-match=tty --subsystem-match=gpio --settle
}

start() {
    systemctl --quiet enable ringfence 2>/dev/null
    if ! booted; then
        say 'Installed. It starts at the next boot, since systemd is not running here.'
        return
    fi
    systemctl daemon-reload
    if $changed; then
        systemctl restart ringfence 2>/dev/null || true
        if [[ -e $sip_unit ]]; then systemctl restart ringfence-sip 2>/dev/null || true; fi
    else
        systemctl start ringfence 2>/dev/null || true
    fi
}

report() {
    local findings
    booted || return 0
    findings=$("$command" doctor) || say "This keeps it from guarding the line:" "$findings"
    if systemctl --quiet is-active ringfence; then
        say "Ringfence runs. Its page: $(page_address)"
        "$command" setup-code
    else
        say "Ringfence does not run yet. Its log: journalctl -u ringfence. Its settings: $config"
    fi
}

page_address() {
    local host port address
    read -r host port < <("$home/venv/bin/python" -IBc "
from pathlib import Path
from firmware.wiring import load_wiring
print(*load_wiring(Path('$config')).address)")
    if [[ $host == 0.0.0.0 || $host == :: ]]; then
        read -r address _ < <(hostname -I) || true
        host=${address:-$(hostname)}
    fi
    [[ $host == *:* ]] && host="[$host]"
    say "http://$host:$port/"
}

install_appliance() {
    local print
    needs_root
    command -v systemctl >/dev/null || die 'Ringfence runs as a systemd service, and this system has no systemd.'
    debian "${for_python[@]}"
    print=$(fingerprint)
    create_user
    create_data
    install_venv "$print"
    install_config
    install_system_files
    if [[ ${1:-} == --sip || -e $sip_unit ]]; then install_sip; fi
    start
    remove_leftovers "$print"
    report
}

# The data goes to root: the user that may read it is removed, and its number may be given to another.
uninstall_appliance() {
    local name
    needs_root --uninstall
    if booted; then systemctl --quiet stop media-ringfence.mount 2>/dev/null || true; fi
    for name in ringfence-sip ringfence; do
        [[ -e /etc/systemd/system/$name.service ]] || continue
        if booted; then systemctl --quiet stop "$name"; fi
        systemctl --quiet disable "$name" 2>/dev/null
    done
    rm -rf "$home" "$unit" "$unit.d" "$stick_unit" "$sip_unit" "$sip_unit.d" "$rules" "$command" "$(dirname "$config")" /run/ringfence
    remove_watchdog
    if booted; then systemctl daemon-reload; fi
    reload_udev
    if [[ -e $data ]]; then chown -hR root:root "$data"; fi
    if id -u ringfence &>/dev/null; then userdel ringfence; fi
    say 'Ringfence is removed.'
    if [[ -e $data ]]; then
        say "Your data stays in $data, for root alone. To delete it for good: sudo rm -r $data"
    fi
}

# --- the checkout ---

# Sets up .venv in the checkout from a lock file, with the project itself as it stands here.
setup_checkout() {
    local lock=$1 stamp
    stamp=$({ echo "$PWD" && "$python" --version && cat "$lock" pyproject.toml; } | sha256sum)
    [[ -e .venv/stamp && "$(<.venv/stamp)" == "$stamp" ]] && return
    say 'Installing the Python packages in .venv'
    fill_venv .venv "$lock"
    fill_project .venv --editable .
    printf '%s\n' "$stamp" >.venv/stamp
}

demo() {
    debian "${for_python[@]}"
    setup_checkout requirements.lock
    exec .venv/bin/ringfence demo "$@"
}

test_all() {
    local failed=0
    export LC_ALL=C.UTF-8
    unset PYTHONDONTWRITEBYTECODE # many of the tests start the program
    debian "${for_python[@]}" "${for_sip[@]}" baresip-core chromium-headless-shell libatomic1 nftables nginx-light \
        ngspice openscad redis-server shellcheck sip-tester sipvicious
    setup_checkout tests/requirements.lock
    .venv/bin/ruff check || failed=1
    .venv/bin/ruff format --check || failed=1
    .venv/bin/mypy || failed=1
    .venv/bin/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder "$@" || failed=1
    return $failed
}

case "${1:-}" in
    -h | --help) usage && exit ;;
esac
check_release
case "${1:-}" in
    '' | --sip) install_appliance "${1:-}" ;;
    --uninstall) uninstall_appliance ;;
    --demo) demo "${@:2}" ;;
    --test) test_all "${@:2}" ;;
    *) usage >&2 && exit 2 ;;
esac
