//! What a release packs is what the action fetches: the scripts of the release and the action's, with a server in between.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Runtime;

use crate::action::root;
use crate::action::runner::{Ran, Runner};
use crate::action::scripts::{ROLLCALL, action_with, script};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const TARGET: &str = "x86_64-unknown-linux-musl";

/// What is released, by path, which requests there were, and how many of the next are answered 502.
#[derive(Default)]
struct Shelf {
    assets: Vec<(String, Vec<u8>)>,
    asked: Vec<String>,
    broken: usize,
}

/// A place of releases.
struct Place {
    _runtime: Runtime,
    shelf: Arc<Mutex<Shelf>>,
    url: String,
}

async fn answer(State(shelf): State<Arc<Mutex<Shelf>>>, uri: Uri) -> Response {
    let mut shelf = shelf.lock().unwrap();
    shelf.asked.push(uri.path().to_owned());
    if shelf.broken > 0 {
        shelf.broken -= 1;
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let asset = shelf.assets.iter().find(|(path, _)| path == uri.path());
    asset.map_or(StatusCode::NOT_FOUND.into_response(), |(_, bytes)| bytes.clone().into_response())
}

impl Place {
    fn open() -> Place {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let shelf = Arc::<Mutex<Shelf>>::default();
        let service = Router::new().fallback(answer).with_state(Arc::clone(&shelf));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}/acme/rollcall", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, service).await });
        Place { _runtime: runtime, shelf, url }
    }

    /// Puts an asset of the version on the shelf.
    fn put(&self, asset: &Path) {
        let name = asset.file_name().unwrap().to_str().unwrap();
        let path = format!("/acme/rollcall/releases/download/v{VERSION}/{name}");
        self.shelf.lock().unwrap().assets.insert(0, (path, fs::read(asset).unwrap()));
    }

    /// How often it was asked since the last time.
    fn asked(&self) -> usize {
        std::mem::take(&mut self.shelf.lock().unwrap().asked).len()
    }
}

/// Runs a script of `.ci`; what it prints.
fn ci(name: &str, args: &[&Path]) -> String {
    let ran = Command::new(root().join(".ci").join(name)).args(args).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// Packs a program; the path of the asset.
fn packed(program: &Path, folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    ci("package", &[Path::new(TARGET), program, folder]).trim().into()
}

/// The manifest of releases that an asset is the only one of.
fn manifest(place: &Place, asset: &Path, folder: &Path) -> String {
    let mut sum = Command::new("sha256sum");
    sum.arg(asset.file_name().unwrap()).current_dir(asset.parent().unwrap());
    let digest = sum.output().unwrap().stdout;
    fs::write(folder.join("SHA256SUMS"), digest).unwrap();
    fs::write(folder.join("held.json"), "{\n  \"sha256\": {\n  }\n}\n").unwrap();
    let args =
        [Path::new(&place.url), Path::new(VERSION), &folder.join("SHA256SUMS"), &folder.join("held.json")];
    ci("manifest", &args)
}

/// A release of a program that only says its version, the action that knows it, and a machine.
fn released() -> (Place, Runner, PathBuf) {
    let (place, runner) = (Place::open(), Runner::new());
    let program = script(&runner.at("built/rollcall"), &format!("echo 'rollcall {VERSION}'"));
    let asset = packed(&program, &runner.at("dist"));
    place.put(&asset);
    let action = action_with(&runner.at("action"), &manifest(&place, &asset, &runner.at("dist")));
    (place, runner, action)
}

fn kept(runner: &Runner) -> PathBuf {
    runner.at(&format!("tools/rollcall/{VERSION}/{TARGET}/rollcall-{TARGET}-v{VERSION}.tgz"))
}

#[track_caller]
fn is_installed(ran: &Ran) {
    assert_eq!(ran.steps, ["install", "run"], "{}", ran.log);
    assert!(ran.log.contains(&format!("rollcall {VERSION}: ")), "{}", ran.log);
}

#[test]
fn a_release_is_fetched_once_and_kept_for_the_next_job() {
    let (place, runner, action) = released();
    is_installed(&runner.uses(&action, &[]));
    assert_eq!(place.asked(), 1);
    is_installed(&runner.uses(&action, &[("version", VERSION)]));
    assert_eq!(place.asked(), 0);
    fs::write(kept(&runner), "another file").unwrap();
    let ran = runner.uses(&action, &[]);
    is_installed(&ran);
    assert_eq!((place.asked(), ran.told("warning").len()), (1, 1), "{}", ran.log);
    is_installed(&runner.uses(&action, &[]));
    assert_eq!(place.asked(), 0);
}

#[test]
fn a_fault_of_the_way_is_passed_over_and_no_fault_runs_anything() {
    let (place, mut runner, action) = released();
    place.shelf.lock().unwrap().broken = 1;
    is_installed(&runner.uses(&action, &[]));
    assert_eq!(place.asked(), 2);
    runner.set("RUNNER_TOOL_CACHE", "/dev/null/none");
    place.shelf.lock().unwrap().assets.clear();
    let ran = runner.uses(&action, &[("fallback", "cargo-install")]);
    assert_eq!((ran.code, ran.steps.len()), (1, 1), "{}", ran.log);
    assert!(ran.told("error")[0].contains("could not be fetched"), "{}", ran.log);
}

#[test]
fn a_release_with_another_checksum_is_refused_and_nothing_of_it_runs() {
    let (place, runner, action) = released();
    let canary = runner.at("canary");
    let program = format!("touch '{}'; echo 'rollcall {VERSION}'", canary.display());
    let forged = script(&runner.at("forged/rollcall"), &program);
    let before = canary.exists();
    place.put(&packed(&forged, &runner.at("forged/dist")));
    assert!(!before && canary.exists(), "packing asks a program for its version");
    fs::remove_file(&canary).unwrap();
    let ran = runner.uses(&action, &[("fallback", "cargo-install")]);
    assert_eq!((ran.code, ran.steps.len()), (1, 1), "{}", ran.log);
    assert!(ran.told("error")[0].contains("is not what was released"), "{}", ran.log);
    assert!(!canary.exists() && !kept(&runner).exists());
}

#[test]
fn options_that_tar_obeys_do_nothing() {
    let (_place, mut runner, action) = released();
    runner.set("TAR_OPTIONS", "--checkpoint=1 --checkpoint-action=exec=touch${IFS}canary");
    is_installed(&runner.uses(&action, &[]));
    assert!(!runner.workspace().join("canary").exists());
}

#[test]
fn only_https_is_fetched_from_elsewhere() {
    let (place, runner, action) = released();
    let file = action.join("action/manifest.json");
    let text = fs::read_to_string(&file).unwrap();
    for other in ["http://127.0.0.1.example/x", "ftp://127.0.0.1/x", "file:///x", ""] {
        fs::write(&file, text.replace(&place.url, other)).unwrap();
        let ran = runner.uses(&action, &[]);
        assert_eq!((ran.code, ran.steps.len()), (1, 1), "{}", ran.log);
        assert!(ran.told("error")[0].contains("no https address"), "{}", ran.log);
    }
}

#[test]
fn the_program_under_test_is_packed_and_a_released_asset_keeps_its_checksum() {
    let folder = tempfile::tempdir().unwrap();
    let asset = packed(Path::new(ROLLCALL), folder.path());
    assert_eq!(asset.file_name().unwrap().to_str().unwrap(), format!("rollcall-{TARGET}-v{VERSION}.tgz"));
    let place = Place::open();
    let first = manifest(&place, &asset, folder.path());
    let held = folder.path().join("first.json");
    fs::write(&held, &first).unwrap();
    let next = folder.path().join("next");
    fs::write(&next, format!("{}  rollcall-{TARGET}-v99.0.0.tgz\n", "a".repeat(64))).unwrap();
    let both = ci("manifest", &[Path::new(&place.url), Path::new("99.0.0"), &next, &held]);
    let both: serde_json::Value = serde_json::from_str(&both).unwrap();
    assert_eq!((both["version"].as_str().unwrap(), both["sha256"].as_object().unwrap().len()), ("99.0.0", 2));
    // The same name with other bytes is no release of ours.
    fs::write(&next, format!("{}  rollcall-{TARGET}-v{VERSION}.tgz\n", "a".repeat(64))).unwrap();
    let mut again = Command::new(root().join(".ci/manifest"));
    let again = again.args([&place.url, VERSION]).args([&next, &held]).output().unwrap();
    assert!(!again.status.success() && again.stdout.is_empty());
    assert!(String::from_utf8_lossy(&again.stderr).contains("another SHA-256"));
}
