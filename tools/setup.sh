# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
#
# Sourced by the run.sh scripts and .ci/run, for POSIX sh. Packages have Debian's names.

has_file() {
  for folder in /usr/include /usr/local/include /opt/homebrew/include /opt/local/include; do
    if [ -e "$folder/$1" ]; then return 0; fi
  done
  return 1
}

# Is a package here? Debian is asked; elsewhere its command or its header is looked for.
has_package() {
  if [ "$debian" = yes ]; then
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
    return
  fi
  case $1 in
    ninja-build) command -v ninja >/dev/null 2>&1 || command -v ninja-build >/dev/null 2>&1 ;;
    clang) command -v clang++ >/dev/null 2>&1 ;;
    libeigen3-dev) pkg-config --exists eigen3 2>/dev/null || has_file eigen3/Eigen/Core || has_file Eigen/Core ;;
    doctest-dev) has_file doctest/doctest.h ;;
    rapidjson-dev) has_file rapidjson/document.h ;;
    libopenblas-dev) pkg-config --exists openblas 2>/dev/null || has_file cblas.h ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# The packages among the arguments that are not here.
missing_packages() {
  missing=
  for package in "$@"; do
    if ! has_package "$package"; then missing="$missing $package"; fi
  done
  missing=${missing# }
}

# need PACKAGE...: installs what is missing on Debian and its kin, says what is missing elsewhere; stops if it cannot.
need() {
  missing_packages "$@"
  if [ -z "$missing" ]; then return 0; fi
  if [ "$debian" = no ]; then
    echo "Missing, by the names that Debian gives them: $missing" >&2
    echo "Please install them with this system's package manager, then run this again." >&2
    exit 1
  fi
  as_root=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "Missing packages, and neither root nor sudo to install them. As root: apt-get install $missing" >&2
      exit 1
    fi
    as_root=sudo
  fi
  echo "Installing: $missing"
  $as_root apt-get update || echo "apt-get update failed; trying with the lists at hand" >&2
  # shellcheck disable=SC2086
  if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; then
    echo "Could not install: $missing" >&2
    exit 1
  fi
}

# configure FOLDER OPTION...: sets a build folder up, or brings it up to date with the files that are there now.
configure() {
  folder=$1
  shift
  if [ -f "$folder/meson-private/coredata.dat" ]; then
    meson setup --reconfigure "$folder" "$root" "$@"
  else
    meson setup "$folder" "$root" "$@"
  fi
}

# compile FOLDER TARGET...: on all cores and no more.
compile() {
  folder=$1
  shift
  ninja=ninja
  if ! command -v ninja >/dev/null 2>&1; then ninja="ninja-build"; fi
  "$ninja" -C "$folder" -j "$(getconf _NPROCESSORS_ONLN)" "$@"
}

debian=no
if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then debian=yes; fi
