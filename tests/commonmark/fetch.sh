#!/bin/sh
# Fetches the CommonMark specification, whose examples `cargo test --test commonmark` runs, into target/commonmark/.
# It is under CC-BY-SA 4.0 and so not part of this repository. Needs npm and tar.
set -eu

version=0.31.2
package_sum=588280df96c211f7ce9db0b7943ded34ac4b8ba321e2fdf9c03d188ec0f01fea
spec_sum=257c41ad946f7a1414a499aca402a1aa8fdac3678532266611348c1cf54f4b80

cd "$(dirname "$0")/../.."
folder="${CARGO_TARGET_DIR:-target}/commonmark"

sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

expect() {
  actual="$(sum "$1")"
  if [ "$actual" != "$2" ]; then
    echo "$1 is not what was expected: its SHA-256 is $actual instead of $2" >&2
    exit 1
  fi
}

if [ -f "$folder/spec.txt" ] && [ "$(sum "$folder/spec.txt")" = "$spec_sum" ]; then
  echo "$folder/spec.txt is there already"
  exit 0
fi

mkdir -p "$folder"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
npm pack --silent --ignore-scripts --pack-destination "$scratch" "commonmark-spec@$version" >/dev/null
expect "$scratch/commonmark-spec-$version.tgz" "$package_sum"
tar -xzf "$scratch/commonmark-spec-$version.tgz" -C "$scratch" package/spec.txt
expect "$scratch/package/spec.txt" "$spec_sum"
cp "$scratch/package/spec.txt" "$folder/spec.txt"
echo "wrote $folder/spec.txt"
