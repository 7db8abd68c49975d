#!/usr/bin/env bash
# Fetch what the pages borrow from npm: htmx, two typefaces and some icons, each with its licence.
#
# Run rarely, by hand, from the project root; the result is committed, so that neither building nor
# running Inlay asks npm. To take a newer release, change its version and integrity below
# (`npm view PACKAGE@VERSION dist.integrity`) and look at the pages again. To use one more icon, add its
# Lucide name to `icons` in the order of the alphabet.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  "htmx.org 2.0.11 sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA=="
  "@fontsource-variable/inter 5.3.0 sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA=="
  "@fontsource-variable/vazirmatn 5.3.0 sha512-ZA68W8JHbMdNzzwjYHUWKB2PH22QpxNEnk0ukcXM+XiqYMV6ZWJZAKuNXcrMR2JjuIAwsfAU3KknCXPI6wXUvw=="
  "lucide-static 1.62.0 sha512-WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA=="
)
icons=(
  activity archive arrow-left-right arrow-right arrow-up-down at-sign bell bookmark briefcase
  building-2 calendar chart-no-axes-column check chevron-down chevron-left chevron-right chevron-up
  circle-alert circle-check circle-dashed clock columns-3 download ellipsis external-link eye
  eye-off file-text flag flame forward git-merge globe handshake hourglass house image-off inbox
  info key-round keyboard languages life-buoy link list list-filter lock log-out mail map-pin minus
  newspaper paperclip pause pencil phone plus refresh-cw reply search send server settings snowflake
  square-kanban sticky-note sun tag ticket trash-2 triangle-alert undo-2 unlink user user-plus users
  users-round x
)

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
vendor=server/static/vendor
rm -rf "$vendor"
mkdir -p "$vendor"/{htmx,inter,vazirmatn,lucide}

# fetch PACKAGE VERSION INTEGRITY: unpack a release into $room/PACKAGE, if it is the one we know.
fetch() {
  local name=$1 version=$2 integrity=$3 archive sum
  archive=$(npm pack --silent --pack-destination "$room" "$name@$version" 2>/dev/null)
  sum=sha512-$(openssl dgst -sha512 -binary "$room/$archive" | base64 -w0)
  if [ "$sum" != "$integrity" ]; then
    echo "$name $version is not the release we know: $sum. Nothing was taken from it." >&2
    exit 1
  fi
  mkdir -p "$room/$name"
  tar -xzf "$room/$archive" -C "$room/$name" --strip-components=1
  echo "$name $version" >>"$vendor/versions.txt"
}
for package in "${packages[@]}"; do
  # shellcheck disable=SC2086  # Three words are meant.
  fetch $package
done

cp "$room/htmx.org/dist/htmx.min.js" "$vendor/htmx/"
cp "$room/htmx.org/LICENSE" "$vendor/htmx/LICENSE.txt"
for script in latin latin-ext cyrillic; do
  cp "$room/@fontsource-variable/inter/files/inter-$script-wght-normal.woff2" "$vendor/inter/"
done
cp "$room/@fontsource-variable/inter/LICENSE" "$vendor/inter/LICENSE.txt"
cp "$room/@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2" "$vendor/vazirmatn/"
cp "$room/@fontsource-variable/vazirmatn/LICENSE" "$vendor/vazirmatn/LICENSE.txt"
cp "$room/lucide-static/LICENSE" "$vendor/lucide/LICENSE.txt"

# The sprite stands in each page once, so it is a template and not a file to be fetched.
python3 - "$room/lucide-static/icons" "${icons[@]}" >server/templates/_icons.svg <<'PYTHON'
import re
import sys
from pathlib import Path

folder, *names = sys.argv[1:]
print("{# Made by scripts/vendor.sh from Lucide (ISC); see static/vendor/lucide/LICENSE.txt. #}")
print('<svg class="sprite" width="0" height="0" aria-hidden="true">')
for name in names:
    drawing = (Path(folder) / f"{name}.svg").read_text()
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)[1]
    shapes = re.sub(r"\s*\n\s*", "", shapes).replace(" />", "/>")
    print(f'<symbol id="i-{name}" viewBox="0 0 24 24">{shapes}</symbol>')
print("</svg>")
PYTHON
chmod -R u=rwX,go=rX "$vendor"
echo "Vendored: $(tr '\n' ' ' <"$vendor/versions.txt")and ${#icons[@]} icons."
