//! What stands between a run and its account: proxies, certificates, login pages, an account that wants to be left alone.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use super::{Folder, Ran, ran};

const MANIFEST: &str =
    "account: { name: acme, platform: activtrak, region: us }\nusers:\n  - { email: ada@acme.example }\n";
const REDIRECT: &str =
    "HTTP/1.1 302 Found\r\nlocation: https://login.acme.example/sso?token=abc\r\ncontent-length: 0\r\n\r\n";

/// A machine that does the same with every connection.
struct Machine {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Machine {
    fn new(turn: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (count, turn) = (Arc::clone(&connections), Arc::new(turn));
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                count.fetch_add(1, Ordering::Relaxed);
                let turn = Arc::clone(&turn);
                std::thread::spawn(move || turn(socket.unwrap()));
            }
        });
        Self { port, connections }
    }

    /// One that answers every request with the same words.
    fn saying(words: &'static str) -> Self {
        Self::new(move |mut socket| {
            while read_head(&mut socket).is_some() {
                drop(socket.write_all(words.as_bytes()));
            }
        })
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Reads the head of a request; none where there is no more.
fn read_head(from: &mut impl Read) -> Option<String> {
    let (mut head, mut byte) = (String::new(), [0]);
    while !head.ends_with("\r\n\r\n") {
        if from.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(char::from(byte[0]));
    }
    Some(head)
}

/// Plans in an environment of these variables alone.
fn plan(variables: &[(&str, &str)], args: &[&str]) -> Ran {
    let folder = Folder::new("");
    folder.write("rollcall.yaml", MANIFEST);
    let mut command = folder.command(&[&["plan"], args].concat());
    command.env_clear().env("ACTIVTRAK_API_KEY", "any").envs(variables.iter().copied());
    ran(command.output().unwrap())
}

#[track_caller]
fn says(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    for word in words {
        assert!(ran.err.contains(word), "{word:?} is not in {}", ran.err);
    }
}

#[test]
fn a_proxy_that_refuses_is_named_with_its_variable_and_answer_and_asked_once() {
    for (answer, words) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: NTLM\r\ncontent-length: 0\r\n\r\n",
            ["407 Proxy Authentication Required", "http://NAME:PASSWORD@HOST:PORT"],
        ),
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
            ["403 Forbidden", "let api.activtrak.com through"],
        ),
        ("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", ["502 Bad Gateway", "NO_PROXY"]),
    ] {
        let proxy = Machine::saying(answer);
        let address = format!("http://ann:s3cret@127.0.0.1:{}", proxy.port);
        let started = Instant::now();
        let ran = plan(&[("HTTPS_PROXY", &address)], &[]);
        says(&ran, &[&format!("{} (HTTPS_PROXY)", proxy.url()), words[0], words[1]]);
        assert!(!ran.err.contains("s3cret"), "{}", ran.err);
        assert!(started.elapsed() < Duration::from_secs(5), "what can't help is not tried again");
        assert!(
            proxy.connections.load(Ordering::Relaxed) <= 8,
            "one for each request of the first moment, and what it says"
        );
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named_with_its_variable() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = plan(&[("all_proxy", &format!("http://{free}"))], &[]);
    says(
        &ran,
        &[&format!("by the proxy http://{free} (all_proxy)"), "Connection refused", "check all_proxy"],
    );
}

#[test]
fn a_proxy_that_reads_tls_is_told_and_its_certificate_can_be_named() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls");
    let certificate = CertificateDer::from_pem_file(format!("{data}/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{data}/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let proxy = Machine::new(move |mut socket| {
        read_head(&mut socket);
        socket.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
        let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = Stream::new(&mut tls, &mut socket);
        while read_head(&mut stream).is_some() {
            drop(stream.write_all(REDIRECT.as_bytes()));
        }
    });
    let distrusted = plan(&[("HTTPS_PROXY", &proxy.url())], &[]);
    says(
        &distrusted,
        &["the certificate it shows is not trusted here", "UnknownIssuer", "SSL_CERT_FILE", "(HTTPS_PROXY)"],
    );
    let authority = format!("{data}/ca.pem");
    assert!(fs::exists(&authority).unwrap());
    let trusted = plan(&[("HTTPS_PROXY", &proxy.url()), ("SSL_CERT_FILE", &authority)], &[]);
    says(
        &trusted,
        &["302 Found and points to https://login.acme.example/sso\n", "a login page answers in its place"],
    );
}

#[test]
fn a_redirect_is_said_with_where_it_points_and_not_followed() {
    let account = Machine::saying(REDIRECT);
    let ran = plan(&[], &["--endpoint", &account.url()]);
    says(&ran, &["302 Found and points to https://login.acme.example/sso\n"]);
    assert!(!ran.err.contains("token"), "{}", ran.err);
}

#[test]
fn a_wait_that_the_run_does_not_make_is_said_at_once_with_the_time() {
    let account =
        Machine::saying("HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n");
    let started = Instant::now();
    let ran = plan(&[], &["--endpoint", &account.url()]);
    says(
        &ran,
        &[
            "429 Too Many Requests and asks to be left alone for 1h",
            "run again after",
            "UTC",
            "--patience 1h",
        ],
    );
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_run_with_patience_says_until_when_it_leaves_the_account_alone() {
    let limited = |seconds: &str| {
        format!("HTTP/1.1 429 Too Many Requests\r\nretry-after: {seconds}\r\ncontent-length: 0\r\n\r\n")
    };
    let answers = [limited("7"), REDIRECT.to_owned()];
    let at = AtomicUsize::new(0);
    let account = Machine::new(move |mut socket| {
        while read_head(&mut socket).is_some() {
            let answer = &answers[at.fetch_add(1, Ordering::Relaxed).min(1)];
            drop(socket.write_all(answer.as_bytes()));
        }
    });
    let started = Instant::now();
    let ran = plan(&[], &["--endpoint", &account.url(), "--patience", "10s", "--concurrency", "1"]);
    says(&ran, &["the account takes no more requests for now (429), it is left alone until", "302 Found"]);
    assert!(started.elapsed() >= Duration::from_secs(6), "{}", ran.err);
}
