//! What somebody else does to the account while a run is under way.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

use rollcall::sandbox::Fault;

use super::{Folder, Remote, UPLOAD, faulty, many, ran};

/// Uploads a file as an HR system would.
fn upload(remote: &Remote, csv: &str) {
    let host = remote.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"File\"; filename=\"hr.csv\"\r\nContent-Type: text/csv\r\n\r\n{csv}\r\n--cut--\r\n"
    );
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(
        stream,
        "POST /hrdc/v2/bulk HTTP/1.1\r\nHost: {host}\r\nx-api-key: hr\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_snapshot_is_not_sent_over_a_set_that_changed_after_it_was_planned() {
    let folder = Folder::new(&UPLOAD.replace("users:\n", &many(60)));
    let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::ZERO)));
    let mut command = folder.command(&["apply", "--yes", "--settle", "0s", "--concurrency", "1"]);
    command.args(["--endpoint", &remote.url()]).env("ACTIVTRAK_API_KEY", "any");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    remote.wait_for_a_write();
    upload(&remote, "user_lookup_id,group\nE1,Oslo office\n");
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    let why = "the account's HR groups are no longer those that the file was built from; nothing was sent";
    assert!(ran.out.split_whitespace().collect::<Vec<_>>().join(" ").contains(why), "{}", ran.out);
    let uploads = remote.writes().into_iter().filter(|write| write.path.starts_with("/hrdc/")).count();
    assert_eq!(uploads, 1, "the other's");
    let again = remote.run(&folder, &["apply", "--yes", "--settle", "0s"]);
    assert_eq!(again.code, 0, "planned over the set as it is now: {}{}", again.out, again.err);
}
