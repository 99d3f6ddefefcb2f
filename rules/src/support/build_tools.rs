//! What is installed to build software, not to run it.

use plimsoll_base::ImageReference;

/// Whether the package, by its name in any distribution, is a compiler, a build system or a set of headers.
pub(crate) fn is_build_tool(package: &str) -> bool {
    const TOOLS: &[&str] = &[
        "autoconf",
        "automake",
        "autotools-dev",
        "base-devel",
        "bison",
        "build-base",
        "build-essential",
        "bazel",
        "byacc",
        "cargo",
        "ccache",
        "clang",
        "cmake",
        "debhelper",
        "default-jdk",
        "default-jdk-headless",
        "devscripts",
        "dpkg-dev",
        "fakeroot",
        "flex",
        "g++",
        "gcc",
        "gcc-c++",
        "gfortran",
        "ghc",
        "go",
        "golang",
        "golang-go",
        "gradle",
        "java-devel",
        "kernel-devel",
        "kernel-headers",
        "libtool",
        "libtool-bin",
        "linux-headers",
        "make",
        "maven",
        "meson",
        "musl-dev",
        "nasm",
        "ninja",
        "ninja-build",
        "node-gyp",
        "openjdk",
        "patchelf",
        "pkg-config",
        "pkgconf",
        "pkgconf-pkg-config",
        "pkgconfig",
        "rpm-build",
        "rpmdevtools",
        "rust",
        "rustc",
        "scons",
        "swig",
        "yasm",
        "@development-tools",
        "@Development Tools",
        "Development Tools",
    ];
    /// Headers in name, but what programs need to run, or no development package at all.
    const NO_HEADERS: &[&str] = &["ca-certificates-dev", "makedev", "util-linux-dev-static"];
    let package = package.strip_suffix(".x86_64").unwrap_or(package);
    if NO_HEADERS.contains(&package) {
        return false;
    }
    let headers = ["-dev", "-devel", "-headers", "-static", "-jdk", "-jdk-headless"];
    TOOLS.contains(&package)
        || TOOLS.contains(&unversioned(package))
        || headers.iter().any(|suffix| package.ends_with(suffix))
}

/// The name without the version that distributions put into it: `gcc-12`, `clang15`, `openjdk-17`, `gcc-4.8.5`.
fn unversioned(package: &str) -> &str {
    let stem = package.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    if stem.is_empty() { package } else { stem }
}

/// Whether the image holds build tools by its purpose: what is built on it and adds more is for building too.
pub(crate) fn is_toolchain_image(image: &ImageReference<'_>) -> bool {
    const IMAGES: &[&str] = &[
        "alpine-sdk",
        "amazonlinux-builder",
        "bazel",
        "buildpack-deps",
        "cross",
        "dart",
        "elixir",
        "emsdk",
        "erlang",
        "gcc",
        "golang",
        "gradle",
        "haskell",
        "manylinux2014_x86_64",
        "manylinux_2_28_x86_64",
        "maven",
        "rust",
        "sbt",
        "swift",
        "workspace-full",
        "workspace-base",
    ];
    let slim = image.tag.is_some_and(|tag| tag.contains("slim"));
    let path = image.repository;
    IMAGES.contains(&image.base_name()) && !slim
        || path.contains("devcontainer")
        || path.contains("toolchain")
        || path.ends_with("-sdk")
        || path.ends_with("/sdk")
        || path.ends_with("-builder")
        || path.ends_with("-devel")
        || image.tag.is_some_and(|tag| tag.contains("-devel") || tag.ends_with("-sdk") || tag.ends_with("-dev"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_tools() {
        for package in
            ["gcc", "gcc-12", "g++", "clang15", "libpq-dev", "python3-devel", "openjdk-17-jdk", "make", "linux-headers"]
        {
            assert!(is_build_tool(package), "{package}");
        }
        for package in [
            "curl",
            "libgcc",
            "libpq5",
            "openjdk-17-jre-headless",
            "makedev",
            "devuan",
            "golang-docker-credential-helpers",
        ] {
            assert!(!is_build_tool(package), "{package}");
        }
    }

    #[test]
    fn toolchain_images() {
        let is = |reference| is_toolchain_image(&ImageReference::parse(reference).expect("a reference"));
        assert!(
            is("golang:1.24") && is("buildpack-deps:bookworm") && is("mcr.microsoft.com/devcontainers/base:ubuntu")
        );
        assert!(!is("debian:12") && !is("python:3.13") && !is("mcr.microsoft.com/dotnet/aspnet:9.0"));
    }
}
