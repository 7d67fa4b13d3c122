#!/usr/bin/env bash
# Fetches a registered data set: downloads, verifies, unpacks, and only then gives files their final names.
#
#   bash Data/fetch.sh NAME      fetch Data/NAME
#   bash Data/fetch.sh           list the names
#
# LANDSCAPE_REGISTRY names another registry, LANDSCAPE_FETCH_INTO another folder than Data, LANDSCAPE_FETCH_RETRIES
# how often a failed transfer is tried again (default 3).
set -u -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
registry=${LANDSCAPE_REGISTRY:-$here/registry.tsv}
into=${LANDSCAPE_FETCH_INTO:-$here}
retries=${LANDSCAPE_FETCH_RETRIES:-3}
tab=$'\t'

fail() {
  echo "fetch: $*" >&2
  exit 2
}

# The values of a key, one line each.
facts() {
  awk -F "$tab" -v name="$1" -v key="$2" \
    '{ sub(/\r$/, "") } $1 == name && $2 == key { print substr($0, length($1) + length($2) + 3) }' "$registry"
}

names() {
  awk -F "$tab" '!/^#/ && NF > 2 && !seen[$1]++ { print $1 }' "$registry"
}

# The hash of a file: sha1 is git's, which puts "blob SIZE" and a zero byte first.
hash_of() {
  local kind=$1 file=$2
  case $kind in
    md5) if command -v md5sum >/dev/null; then md5sum <"$file"; else md5 -q "$file"; fi ;;
    sha256) sum_sha 256 <"$file" ;;
    sha1) { printf 'blob %d\0' "$(wc -c <"$file")" && cat "$file"; } | sum_sha 1 ;;
  esac | cut -d ' ' -f 1
}

sum_sha() {
  if command -v "sha$1sum" >/dev/null; then "sha$1sum"; else shasum -a "$1"; fi
}

# Downloads to a .part file, continuing what is there after a cut.
download() {
  local address=$1 part=$2 attempt=0 status
  while :; do
    curl --fail --location --silent --show-error --connect-timeout 20 --speed-limit 100 --speed-time 60 \
      --continue-at - --output "$part" "$address" 2>"$part.log" && return 0
    status=$?
    # 22: refused by the server, 33: it cannot continue, 36: the same for other protocols. Start over for the latter.
    if [ $status -eq 33 ] || [ $status -eq 36 ]; then rm -f "$part"; fi
    attempt=$((attempt + 1))
    if [ $attempt -gt "$retries" ] || [ $status -eq 22 ] || [ $status -eq 3 ]; then
      reason=$(tail -n 1 "$part.log" | tr -d '\r')
      return 1
    fi
    sleep 1
  done
}

verify() {
  local name=$1 checksum=$2 part=$3 kind=${2%%:*} wanted=${2#*:} got
  if [ "$checksum" = unverified ]; then
    echo "$name: no published checksum is known, not verified"
    return 0
  fi
  got=$(hash_of "$kind" "$part")
  [ "$got" = "$wanted" ] || fail "$name: wrong checksum ($kind $got, expected $wanted); deleted, try again later"
}

# Unpacks an archive; a single folder at its top is left out.
unpack() {
  local archive=$1 folder=$2 inside
  command -v unzip >/dev/null || fail "unzip is missing: install it (apt-get install unzip)"
  mkdir "$folder/unpacked" && unzip -q "$archive" -d "$folder/unpacked" || fail "$(basename "$archive"): cannot unpack"
  inside=$folder/unpacked
  if [ "$(find "$inside" -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ]; then inside=$(echo "$inside"/*); fi
  if [ -d "$inside" ]; then mv "$inside"/* "$folder/ready/"; else mv "$inside" "$folder/ready/"; fi
}

[ -r "$registry" ] || fail "no registry at $registry"
if [ $# -ne 1 ] || [ -z "$1" ]; then
  echo "usage: bash Data/fetch.sh NAME, NAME one of: $(names | tr '\n' ' ')" >&2
  exit 64
fi
dataset=$1
names | grep -xF -- "$dataset" >/dev/null || fail "$dataset is not registered; known: $(names | tr '\n' ' ')"
command -v curl >/dev/null || fail "curl is missing: install it (apt-get install curl)"
target=$into/$dataset
if [ -e "$target" ]; then
  echo "$dataset is already in $target; remove it to fetch it again"
  exit 0
fi

mkdir -p "$into" || fail "cannot write to $into"
work=$(mktemp -d "$into/.fetch-$dataset.XXXXXX") || fail "cannot write to $into"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/ready"

{
  facts "$dataset" file | sed "s/^/file$tab/"
  facts "$dataset" archive | sed "s/^/archive$tab/"
} >"$work/list"
while IFS=$tab read -r kind name checksum address; do
  case $name in */* | .*) fail "$name: not a plain file name" ;; esac
  echo "$dataset: $address"
  download "$address" "$work/$name.part" || fail "$name: download failed (${reason:-curl}); nothing was kept, try again"
  verify "$name" "$checksum" "$work/$name.part"
  if [ "$kind" = archive ]; then unpack "$work/$name.part" "$work"; else mv "$work/$name.part" "$work/ready/$name"; fi
done <"$work/list"
[ -n "$(ls -A "$work/ready")" ] || fail "$dataset: the registry names no files"
mv "$work/ready" "$target" || fail "cannot write $target"

echo "$dataset is in $target"
facts "$dataset" licence | sed 's/^/licence: /'
