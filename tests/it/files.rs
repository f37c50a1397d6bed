//! Which files are read, and what may not be: every refusal of `manifest::files` with what causes it.

use std::fs;
use std::path::Path;

use rollcall::diag::{Code, Diagnostic, Diagnostics, Place, Sources};
use rollcall::manifest::files::{Files, Limits};
use tempfile::TempDir;

/// A scratch folder that holds these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What is read below a path: the paths below it in reading order, and the problems.
fn read(path: &Path, limits: Limits) -> (Sources, Vec<Diagnostic>) {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    match Files::open(path, limits) {
        Ok(mut files) => {
            let asked = Place::file(path.to_string_lossy());
            files.read(path, &asked, &mut sources, &mut problems);
        }
        Err(problem) => problems.push(problem),
    }
    (sources, problems.sorted())
}

fn names(sources: &Sources, path: &Path) -> Vec<String> {
    let prefix = format!("{}/", path.to_string_lossy().replace('\\', "/"));
    sources.files().iter().map(|it| it.path().strip_prefix(&prefix).unwrap_or(it.path()).to_owned()).collect()
}

/// The codes of the problems below a folder, each with the end of its path.
fn codes(path: &Path) -> Vec<Code> {
    read(path, Limits::default()).1.iter().map(|it| it.code).collect()
}

#[test]
fn manifests_are_read_sorted_by_path_and_hidden_ones_are_left_out() {
    let at = folder(&[
        ("b.yml", "b"),
        ("SALES.YAML", "s"),
        ("a/z.yaml", "z"),
        ("a.yaml", "a"),
        ("notes.txt", "n"),
        (".hidden.yaml", "h"),
        (".github/workflows/ci.yaml", "h"),
        ("a/.git/x.yaml", "h"),
        ("ignored/x.yaml", "x"),
        (".gitignore", "ignored"),
    ]);
    let (sources, problems) = read(at.path(), Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(names(&sources, at.path()), ["SALES.YAML", "a.yaml", "a/z.yaml", "b.yml", "ignored/x.yaml"]);
    assert_eq!(sources.files()[2].text(), "z");
}

#[test]
fn a_single_manifest_can_be_named() {
    let at = folder(&[("a.yaml", "a"), ("b.yaml", "b")]);
    let (sources, problems) = read(&at.path().join("b.yaml"), Limits::default());
    assert!(problems.is_empty());
    assert_eq!(names(&sources, at.path()), ["b.yaml"]);
}

#[test]
fn no_manifest_is_an_error() {
    assert_eq!(codes(folder(&[("a.txt", "")]).path()), [Code::NoManifests]);
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    assert_eq!(codes(&folder(&[]).path().join("missing")), [Code::Unreadable]);
}

#[test]
fn a_folder_named_like_a_manifest_is_an_error() {
    assert_eq!(codes(folder(&[("users.yaml/a.txt", ""), ("a.yaml", "")]).path()), [Code::NotAFile]);
}

#[test]
fn an_lfs_pointer_is_an_error() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    assert_eq!(codes(folder(&[("a.yaml", pointer)]).path()), [Code::LfsPointer]);
}

#[test]
fn text_that_is_not_utf8_is_an_error_with_its_byte() {
    let at = folder(&[("good.yaml", "a")]);
    fs::write(at.path().join("bad.yaml"), b"users:\n- M\xfcller").unwrap();
    let (sources, problems) = read(at.path(), Limits::default());
    assert_eq!(problems[0].code, Code::NotUtf8);
    assert_eq!(problems[0].message, "not UTF-8 at byte 10, in line 2");
    assert_eq!(names(&sources, at.path()), ["good.yaml"]);
}

#[test]
fn a_byte_order_mark_is_taken_off() {
    let (sources, problems) = read(folder(&[("a.yaml", "\u{feff}users: []")]).path(), Limits::default());
    assert!(problems.is_empty());
    assert_eq!(sources.files()[0].text(), "users: []");
}

#[test]
fn a_file_or_all_files_over_the_limit_are_errors_before_they_are_read() {
    let at = folder(&[("a.yaml", "12345678"), ("b.yaml", "1234")]);
    let (sources, problems) = read(at.path(), Limits { file: 6, total: 100, ..Limits::default() });
    assert_eq!(problems[0].code, Code::TooLarge);
    assert_eq!(names(&sources, at.path()), ["b.yaml"]);
    let (sources, problems) = read(at.path(), Limits { file: 10, total: 11, ..Limits::default() });
    assert_eq!(problems[0].code, Code::TooLarge);
    assert!(sources.files().is_empty());
}

#[test]
fn a_sparse_gigabyte_is_refused_at_once() {
    let at = folder(&[]);
    let file = fs::File::create(at.path().join("a.yaml")).unwrap();
    file.set_len(1 << 30).unwrap();
    let started = std::time::Instant::now();
    assert_eq!(codes(at.path()), [Code::TooLarge]);
    assert!(started.elapsed() < std::time::Duration::from_secs(1));
}

#[test]
fn an_included_folder_is_read_behind_the_others_and_each_file_once() {
    let at = folder(&[("repo/.git/HEAD", ""), ("repo/m/a.yaml", "a"), ("repo/common/c.yaml", "c")]);
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let manifests = at.path().join("repo/m");
    let asked = Place::file("m");
    let mut files = Files::open(&manifests, Limits::default()).unwrap();
    assert_eq!(files.read(&manifests, &asked, &mut sources, &mut problems), 0..1);
    assert_eq!(files.read(&manifests.join("../common"), &asked, &mut sources, &mut problems), 1..2);
    assert_eq!(files.read(&manifests.join(".."), &asked, &mut sources, &mut problems), 2..2);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(names(&sources, &at.path().join("repo")), ["m/a.yaml", "common/c.yaml"]);
    fs::create_dir(at.path().join("repo/empty")).unwrap();
    files.read(&manifests.join("../empty"), &asked, &mut sources, &mut problems);
    files.read(&manifests.join("../.."), &asked, &mut sources, &mut problems);
    let found: Vec<_> = problems.sorted().iter().map(|it| it.code).collect();
    assert_eq!(found, [Code::NoManifests, Code::LinkLeavesRepository]);
}

#[test]
fn folders_are_looked_into_so_deep_and_no_deeper() {
    let at =
        folder(&[("a.yaml", "a"), ("b/b/b.yaml", "b"), ("c/c/c/c.yaml", "c"), ("d/d/d/d/d/d.yaml", "d")]);
    let (sources, problems) = read(at.path(), Limits { depth: 2, ..Limits::default() });
    assert_eq!(names(&sources, at.path()), ["a.yaml", "b/b/b.yaml"]);
    let deep: Vec<_> = problems.iter().map(|it| (it.code, &*it.message)).collect();
    assert_eq!(deep, [(Code::TooDeep, "folders are nested more than 2 deep"); 2]);
    // As deep as paths go, which would be looked at from the root for each.
    let deepest = "d/".repeat(1_500);
    fs::create_dir_all(at.path().join(&deepest)).unwrap();
    let began = std::time::Instant::now();
    assert!(codes(at.path()).contains(&Code::TooDeep));
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn so_many_folders_and_manifests_are_read_and_no_more() {
    let files: Vec<String> = (0..12).map(|n| format!("{n}/a.yaml")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|path| (&**path, "a")).collect();
    let at = folder(&files);
    let few = read(at.path(), Limits { files: 8, ..Limits::default() }).1;
    assert_eq!(few.iter().map(|it| it.code).collect::<Vec<_>>(), [Code::TooLarge]);
    assert!(read(at.path(), Limits { files: 13, ..Limits::default() }).1.is_empty());
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_out_of_the_repository_is_an_error() {
        let outside = folder(&[("secret.yaml", "s"), ("dir/x.yaml", "x")]);
        let at = folder(&[("a.yaml", "a")]);
        symlink(outside.path().join("secret.yaml"), at.path().join("b.yaml")).unwrap();
        symlink(outside.path().join("dir"), at.path().join("dir")).unwrap();
        let (sources, problems) = read(at.path(), Limits::default());
        let found: Vec<_> = problems.iter().map(|it| it.code).collect();
        assert_eq!(found, [Code::LinkLeavesRepository, Code::LinkLeavesRepository]);
        assert_eq!(names(&sources, at.path()), ["a.yaml"]);
    }

    #[test]
    fn what_a_link_leads_to_out_of_the_repository_is_not_told() {
        let outside = folder(&[("notes.txt", "n"), ("secret.yaml", "s"), ("dir/x.yaml", "x")]);
        let at = folder(&[("a.yaml", "a"), ("links/.keep", "")]);
        let of = |name: &str, target: &Path| {
            let link = at.path().join(name);
            symlink(target, &link).unwrap();
            let said = read(at.path(), Limits::default()).1.into_iter().map(|it| (it.code, it.message));
            let said: Vec<_> = said.collect();
            fs::remove_file(link).unwrap();
            said
        };
        symlink(outside.path().join("missing"), at.path().join("links/.to-nothing")).unwrap();
        for name in ["b.yaml", "b", "b.csv"] {
            let leaves = of(name, &outside.path().join("secret.yaml"));
            assert_eq!(leaves.len(), 1);
            assert_eq!(leaves[0].0, Code::LinkLeavesRepository);
            for target in ["secret.yaml/x", "notes.txt", "dir", "missing", "missing/x.yaml", "dir/../missing"]
            {
                assert_eq!(of(name, &outside.path().join(target)), leaves, "{name} -> {target}");
            }
            for target in ["links/.to-nothing", "links/.to-nothing/deeper"] {
                assert_eq!(of(name, Path::new(target)), leaves, "{name} -> {target}");
            }
        }
    }

    #[test]
    fn a_link_to_itself_is_an_error_if_it_is_named_like_a_manifest() {
        let at = folder(&[("a.yaml", "a")]);
        symlink("b.yaml", at.path().join("b.yaml")).unwrap();
        symlink("d", at.path().join("c")).unwrap();
        symlink("c", at.path().join("d")).unwrap();
        assert_eq!(codes(at.path()), [Code::Unreadable]);
    }

    #[test]
    fn a_link_inside_the_repository_is_followed_and_its_file_read_once() {
        let at = folder(&[("repo/.git", ""), ("repo/shared/s.yaml", "s"), ("repo/m/a.yaml", "a")]);
        let manifests = at.path().join("repo/m");
        symlink("../shared", manifests.join("team")).unwrap();
        symlink("a.yaml", manifests.join("z.yaml")).unwrap();
        let (sources, problems) = read(&manifests, Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(names(&sources, &manifests), ["a.yaml", "team/s.yaml"]);
    }

    #[test]
    fn a_link_to_a_folder_above_it_is_an_error() {
        let at = folder(&[("a/b/c.yaml", "c")]);
        symlink("../..", at.path().join("a/b/up")).unwrap();
        assert_eq!(codes(at.path()), [Code::LinkLoop]);
    }

    #[test]
    fn links_that_double_the_tree_at_each_level_are_walked_once() {
        let at = folder(&[("d16/x.yaml", "x")]);
        for level in 0..16 {
            let from = at.path().join(format!("d{level:02}"));
            fs::create_dir(&from).unwrap();
            for name in ["1", "2"] {
                symlink(format!("../d{:02}", level + 1), from.join(name)).unwrap();
            }
        }
        let started = std::time::Instant::now();
        let (sources, problems) = read(at.path(), Limits::default());
        assert!(started.elapsed() < std::time::Duration::from_secs(1));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(names(&sources, at.path()), [format!("d00/{}x.yaml", "1/".repeat(16))]);
    }

    #[test]
    fn the_first_of_two_ways_into_a_folder_counts_and_a_loop_behind_it_is_found() {
        let at = folder(&[("b/b.yaml", "b"), ("a/a.yaml", "a")]);
        symlink("../b", at.path().join("a/in")).unwrap();
        symlink("../a", at.path().join("b/back")).unwrap();
        let (sources, problems) = read(at.path(), Limits::default());
        assert_eq!(names(&sources, at.path()), ["a/a.yaml", "a/in/b.yaml"]);
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        assert_eq!(problem.code, Code::LinkLoop);
        assert!(problem.message.contains("a/in/back"), "{}", problem.message);
    }

    #[test]
    fn a_link_to_nothing_is_an_error_if_it_is_named_like_a_manifest() {
        let at = folder(&[("a.yaml", "a")]);
        symlink("nowhere", at.path().join("b.yaml")).unwrap();
        symlink("nowhere", at.path().join("notes")).unwrap();
        assert_eq!(codes(at.path()), [Code::Unreadable]);
    }

    #[test]
    fn a_pipe_is_an_error_and_never_opened() {
        let at = folder(&[("a.yaml", "a")]);
        let made = std::process::Command::new("mkfifo").arg(at.path().join("b.yaml")).status().unwrap();
        assert!(made.success());
        assert_eq!(codes(at.path()), [Code::NotAFile]);
    }

    #[test]
    fn a_link_to_what_is_hidden_is_an_error() {
        let at = folder(&[("a.yaml", "a"), (".env", "KEY=1"), (".git/config", "url"), (".team/b.yaml", "b")]);
        for target in [".env", ".git/config", ".team/b.yaml"] {
            let link = at.path().join("b.yaml");
            symlink(at.path().join(target), &link).unwrap();
            assert_eq!(codes(at.path()), [Code::HiddenPath], "{target}");
            fs::remove_file(link).unwrap();
        }
        symlink(at.path().join(".team"), at.path().join("team")).unwrap();
        assert_eq!(codes(at.path()), [Code::HiddenPath]);
    }

    #[test]
    fn a_device_behind_a_link_is_an_error() {
        let at = folder(&[("a.yaml", "a")]);
        symlink("/dev/zero", at.path().join("b.yaml")).unwrap();
        assert_eq!(codes(at.path()), [Code::LinkLeavesRepository]);
    }
}
