"""What `cmake --install` gives a project outside of the tree: all that it needs, and no more."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from client_programs import BUILD
from gateway_process import REPOSITORY

HEADERS = sorted(path.name for path in (REPOSITORY / "client/include/gatehouse").glob("*.h"))
CLANG = "clang++-19"
COMPILERS = [(CLANG, "c++20"), (CLANG, "c++23"), ("g++", "c++20"), ("g++", "c++23")]


def run(*command, **options) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600, **options)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("prefix")
    run("cmake", "--install", BUILD, "--component", "client", "--prefix", folder)
    return folder


@pytest.fixture(scope="module")
def libraries(prefix) -> Path:
    return next(prefix.rglob("libgatehouse_client.a")).parent


@pytest.mark.parametrize("linking, compiler", [("shared", CLANG), ("static", CLANG), ("shared", "g++"), ("static", "g++")])
def test_a_project_outside_of_the_tree_builds_and_runs(
    prefix, libraries, tmp_path, programs, gateway_settings, linking, compiler
):
    shutil.copytree(REPOSITORY / "examples", tmp_path / "project")
    build = tmp_path / "build"
    run(
        "cmake", "-S", tmp_path / "project", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={compiler}", f"-DGATEHOUSE_LINKING={linking}", "-DCMAKE_BUILD_TYPE=Debug",
    )  # fmt: skip
    run("cmake", "--build", build, "--target", "example_streaming")
    program = build / "streaming"
    assert "several pieces" in programs.run(program, **gateway_settings)
    needs_the_library = "libgatehouse_client.so" in run("ldd", program)
    assert needs_the_library == (linking == "shared")


@pytest.mark.parametrize("options", [[], ["--static"]], ids=["shared", "static"])
def test_a_program_builds_with_pkg_config(prefix, libraries, tmp_path, programs, gateway_settings, options):
    environment = {"PKG_CONFIG_PATH": str(libraries / "pkgconfig"), "PATH": programs.environment()["PATH"]}
    found = run("pkg-config", "--cflags", "--libs", *options, "gatehouse-client", env=environment).split()
    archive = [str(libraries / "libgatehouse_client.a") if word == "-lgatehouse_client" else word for word in found]
    program = tmp_path / "streaming"
    run("g++", "-std=c++20", REPOSITORY / "examples/streaming.cc", "-o", program, *(archive if options else found))
    printed = programs.run(program, LD_LIBRARY_PATH=str(libraries), **gateway_settings)
    assert "several pieces" in printed


def test_only_what_a_consumer_needs_is_installed(prefix, libraries):
    installed = sorted(path.relative_to(prefix).as_posix() for path in prefix.rglob("*") if not path.is_dir())
    folder = libraries.relative_to(prefix).as_posix()
    version = re.search(r"VERSION ([\d.]+)", (REPOSITORY / "CMakeLists.txt").read_text().split("project(")[1]).group(1)
    shared = [f"libgatehouse_client.so{end}" for end in ("", f".{version.split('.')[0]}", f".{version}")]
    package = ["Config.cmake", "ConfigVersion.cmake", "Targets.cmake", "Targets-release.cmake"]
    assert installed == sorted(
        [f"include/gatehouse/{name}" for name in HEADERS]
        + [f"{folder}/{name}" for name in ["libgatehouse_client.a", "pkgconfig/gatehouse-client.pc", *shared]]
        + [f"{folder}/cmake/Gatehouse/Gatehouse{name}" for name in package]
    )


def test_the_shared_library_shows_its_own_names_alone(libraries):
    lines = run("nm", "--dynamic", "--defined-only", "--demangle", libraries / "libgatehouse_client.so").splitlines()
    names = [line.split(" ", 2)[2] for line in lines]
    ours = re.compile(r"(?:(?:typeinfo|vtable|typeinfo name|VTT) for )?gatehouse::client::")
    strange = [name for name in names if not ours.match(name) and not re.match(r"(?:[\w ]+ for )?(?:std::|__gnu_cxx|void std::|bool std::)", name)]
    assert len(names) > 50
    assert strange == []


@pytest.mark.parametrize("header", HEADERS)
def test_a_public_header_compiles_alone(prefix, tmp_path, header):
    source = tmp_path / "alone.cc"
    source.write_text(f"#include <gatehouse/{header}>\n#include <gatehouse/{header}>\nint main() {{}}\n")
    for compiler, standard in COMPILERS:
        run(
            compiler, f"-std={standard}", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-pedantic",
            "-fsyntax-only", f"-I{prefix}/include", source,
        )  # fmt: skip


@pytest.mark.parametrize("compiler, standard", COMPILERS)
def test_no_other_librarys_header_comes_along(prefix, tmp_path, compiler, standard):
    source = tmp_path / "all.cc"
    source.write_text("#include <gatehouse/client.h>\n")
    files = run(compiler, f"-std={standard}", "-M", f"-I{prefix}/include", source).replace("\\\n", " ").split()
    ours = [name for name in files if str(prefix) in name]
    assert len(ours) == len(HEADERS)
    assert [name for name in files if re.search(r"boost|simdjson|openssl|yaml|spdlog", name)] == []


DOCUMENTED = {"CXXRecordDecl", "ClassTemplateDecl", "EnumDecl", "EnumConstantDecl", "FieldDecl", "FunctionDecl",
              "CXXMethodDecl", "CXXConstructorDecl", "TypeAliasDecl"}  # fmt: skip
SPELT_BY_THE_LANGUAGE = re.compile(r"operator=|iterator_concept|.*_type$|begin$|end$|operator.+")


def undocumented(node: dict, owner: str, access: str = "public"):
    """The public names below `node` that have no documentation comment, as the compiler sees it."""
    for child in node.get("inner", []):
        kind, name = child.get("kind"), child.get("name", "")
        if kind == "AccessSpecDecl":
            access = child["access"]
        if child.get("isImplicit") or access != "public" or kind in ("FriendDecl", "ClassTemplateSpecializationDecl"):
            continue
        inner = child.get("inner", [])
        if kind == "ClassTemplateDecl":
            record = next(one for one in inner if one["kind"] == "CXXRecordDecl")
            yield from undocumented(record, f"{owner}::{name}", "private")
        inside = {"struct": "public", "class": "private"}.get(child.get("tagUsed"), "public")
        if kind in ("NamespaceDecl", "CXXRecordDecl", "EnumDecl") and inner:
            yield from undocumented(child, f"{owner}::{name}", inside)
        is_copy_or_move = kind == "CXXConstructorDecl" and re.search(r"&\)", child["type"]["qualType"])
        is_forward = kind == "CXXRecordDecl" and not child.get("completeDefinition")
        has_words = any(one["kind"] == "FullComment" for one in inner)
        if kind not in DOCUMENTED or has_words or is_copy_or_move or is_forward or SPELT_BY_THE_LANGUAGE.match(name):
            continue
        yield f"{owner}::{name}"


def test_every_public_name_has_its_documentation(prefix, tmp_path):
    source = tmp_path / "all.cc"
    source.write_text("#include <gatehouse/client.h>\n")
    tree = run(
        CLANG, "-std=c++20", f"-I{prefix}/include", "-fsyntax-only", "-Xclang", "-ast-dump=json", "-Xclang",
        "-ast-dump-filter=gatehouse::client", source,
    )  # fmt: skip
    gaps, at, count = [], 0, 0
    while (at := tree.find("{", at)) != -1:
        node, at = json.JSONDecoder().raw_decode(tree, at)
        count += 1
        if node["kind"] == "NamespaceDecl":
            gaps += undocumented(node, "")
    assert count >= len(HEADERS) - 2
    assert not gaps, "\n".join(sorted(set(gaps)))


def test_every_public_header_says_what_it_is_for(prefix):
    for name in HEADERS:
        assert (prefix / "include/gatehouse" / name).read_text().startswith("// "), name
