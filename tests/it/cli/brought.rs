//! Files in the run folder that a commit may have brought: nothing but what runs left there is believed, and nothing that lies
//! there keeps a run waiting.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rollcall::sandbox::Config;

use super::{Folder, Remote};

/// An upload, so that every kind of file is left.
const UPLOAD: &str = "users:
  - { displayName: Ada Lovelace, upn: ada@acme.example, employeeId: E1 }
groups:
  - { name: Oslo office, source: hr, members: [ada@acme.example, E2, cy@acme.example] }
";

fn remote(folder: &Folder) -> Remote {
    Remote::of(folder, Config { hr_delay: Duration::ZERO, ..Config::default() })
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// The exit code of a command that has to come to its end soon.
#[track_caller]
fn ends(remote: &Remote, folder: &Folder, args: &[&str], about: &str) -> i32 {
    let mut command = folder.command(args);
    command.args(["--endpoint", &remote.url()]).env("ACTIVTRAK_API_KEY", "any");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap_or(-1);
        }
        if start.elapsed() > Duration::from_mins(1) {
            child.kill().unwrap();
            panic!("{args:?} does not end: {about}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn whatever_lies_in_place_of_a_file_of_a_run_a_run_ends_and_writes_nowhere_else() {
    let folder = Folder::new(UPLOAD);
    let left = remote(&folder);
    let apply = ["apply", "--yes", "--wait", "1s", "--settle", "0s"];
    assert_eq!(ends(&left, &folder, &apply, "the first"), 0);
    let kept = files(&folder.path().join(".rollcall"));
    let elsewhere = tempfile::tempdir().unwrap();
    let pipe = elsewhere.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let other = elsewhere.path().join("other");
    fs::write(&other, "of somebody else").unwrap();
    for file in &kept {
        let was = fs::read(file).unwrap();
        for target in [Path::new("/dev/zero"), &pipe, &other] {
            fs::remove_file(file).unwrap();
            symlink(target, file).unwrap();
            let about = format!("{} is a link to {}", file.display(), target.display());
            for args in [&["plan"][..], &apply] {
                let code = ends(&left, &folder, args, &about);
                assert!(matches!(code, 0 | 1 | 6), "{code}: {about}");
            }
            assert_eq!(fs::read_to_string(&other).unwrap(), "of somebody else", "{about}");
            let _gone = fs::remove_file(file);
            fs::write(file, &was).unwrap();
        }
    }
    assert!(kept.len() > 4, "{kept:?}");
}

#[test]
fn a_note_behind_a_link_is_not_believed_and_says_what_to_do() {
    let folder = Folder::new(UPLOAD);
    let left = remote(&folder);
    assert_eq!(left.run(&folder, &["apply", "--yes", "--settle", "0s"]).code, 0);
    let run_folder = folder.path().join(".rollcall");
    let note =
        files(&run_folder).into_iter().find(|file| file.to_string_lossy().contains("upload-")).unwrap();
    fs::rename(&note, folder.path().join("note.json")).unwrap();
    symlink(folder.path().join("note.json"), &note).unwrap();
    let ran = left.run(&folder, &["apply", "--yes"]);
    assert_eq!(ran.code, 6, "nobody knows what was uploaded: {}{}", ran.out, ran.err);
    assert!(ran.err.contains("it is no regular file; links are not followed"), "{}", ran.err);
    assert!(ran.err.contains("delete the file"), "{}", ran.err);
}

#[test]
fn a_run_folder_that_git_tracks_is_an_error_that_says_so() {
    let folder = Folder::new(UPLOAD);
    let git = |args: &[&str]| {
        let ran = Command::new("git").args(args).current_dir(folder.path()).output().unwrap();
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    git(&["init", "-q"]);
    assert_eq!(folder.run(&["plan"]).code, 0);
    assert_eq!(folder.run(&["plan"]).code, 0, "a folder that Git ignores");
    git(&["add", "--force", ".rollcall"]);
    for args in [&["plan"][..], &["apply", "--yes"]] {
        let ran = folder.run(args);
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains(".rollcall is in Git"), "{}", ran.err);
        assert!(ran.err.contains("git rm -r --cached"), "{}", ran.err);
    }
}
