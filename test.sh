#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every test, and ends with the plain line "N passed, N failed".
set -euo pipefail
umask 022 # plugin folders that others may write are refused
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")"

# What the tests use beside the SDK: peers we did not write, and the libraries the plugins name.
packages=(curl openssl strongswan-pki libstrongswan-standard-plugins default-jdk-headless
  libbcpkix-java libbcprov-java libbcutil-java libargon2-1 libcrypt1 rsyslog rsyslog-openssl rsyslog-gnutls krb5-kdc
  krb5-admin-server krb5-user libgssapi-krb5-2 faketime libbctls-java softhsm2 opensc gcc libc6-dev postgresql mariadb-server galera-4 rsync chromium jq)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  if [[ $(id -u) == 0 ]]; then
    echo "Installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
  else
    echo "The tests need these Debian packages: sudo apt-get install ${missing[*]}" >&2
    [[ ${CI:-} != true ]] || exit 1
  fi
fi

# The linter of the OpenAPI document and the validator of answers; their own scripts are not run. A machine may have another Node.js than Debian's.
if ! command -v npm >/dev/null && [[ $(id -u) == 0 ]]; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm >/dev/null
fi
npm ci --prefix tests/npm --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error || {
  echo "The tests need what tests/npm/package.json names: npm ci --prefix tests/npm" >&2
  [[ ${CI:-} != true ]] || exit 1
}

# One compiler for all fifty projects, which is stopped again.
dotnet build Kipuka.sln --configuration Release --verbosity quiet -consoleLoggerParameters:NoSummary -p:UseSharedCompilation=true
dotnet build-server shutdown --vbcscompiler >/dev/null

# Most servers of the tests live for seconds: code that is compiled once more to be watched costs them a third of their time.
export DOTNET_TieredPGO=0
# What was found is kept in artifacts/.
results=$PWD/artifacts/tests
rm -rf -- "$results"
mkdir -p -- "$results"
failed=0

run() {
  local name
  for name in "$@"; do
    dotnet test "tests/$name" --configuration Release --no-build --verbosity quiet --nologo --logger "console;verbosity=minimal" \
      --logger "trx;LogFileName=$results/$name.trx" --blame-hang-timeout 10min >"$results/$name.log" 2>&1 || touch "$results/$name.failed"
  done
}

tell() {
  local name
  for name in "$@"; do
    echo "== $name"
    cat "$results/$name.log"
    [[ ! -e $results/$name.failed ]] || failed=1
  done
}

# Two at a time: what waits for other programs and for pauses leaves a processor free. Those that measure how soon something happens have the machine to themselves.
alone=(Kipuka.Architecture Kipuka.Reload Kipuka.Plugins)
programs=(Kipuka.Interop)
others=()
for project in tests/Kipuka.*/; do
  name=$(basename -- "$project")
  grep -q 'Microsoft.NET.Test.Sdk' "$project/$name.csproj" || continue
  [[ " ${alone[*]} ${programs[*]} " == *" $name "* ]] || others+=("$name")
done
for name in "${alone[@]}"; do
  run "$name"
  tell "$name"
done
set -m # a group of processes of its own, so that all of it ends with this script
run "${programs[@]}" &
beside=$!
set +m
trap 'kill -TERM -- "-$beside" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
for name in "${others[@]}"; do
  run "$name"
  tell "$name"
done
wait "$beside"
trap - EXIT INT TERM
tell "${programs[@]}"

count() {
  local sum=0 number
  while read -r number; do sum=$((sum + number)); done < <(grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n')
  echo "$sum"
}
passed=$(count passed)
broken=$(($(count total) - passed))
# A project whose tests could not even be run counts as a failure.
((failed == 0 || broken > 0)) || broken=1
screenshots=${KIPUKA_SCREENSHOTS:-$PWD/artifacts/console}
[[ ! -d $screenshots ]] || echo "Screenshots of the console: $screenshots"
echo "$passed passed, $broken failed"
((broken == 0 && passed > 0))
