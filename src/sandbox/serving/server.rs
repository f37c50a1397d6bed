//! Where is a sandbox reached, and how does it end?

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::sandbox::serving::wire::{Cutter, Wires};

/// How long `stop` waits for connections to end.
const GRACE: Duration = Duration::from_secs(1);

/// A port that is served. Dropping it ends that.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Serves on 127.0.0.1, on the given port or, for 0, on any.
    ///
    /// # Errors
    /// The port is not to be had.
    pub(crate) async fn start(port: u16, app: Router) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let app = app.into_make_service_with_connect_info::<Cutter>();
        let served =
            axum::serve(Wires(listener), app).with_graceful_shutdown(async move { drop(stopped.await) });
        let task = tokio::spawn(async move { served.await });
        Ok(Server { address, stop, task })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops serving.
    pub(crate) async fn stop(self) {
        let Server { address: _, stop, mut task } = self;
        stop.send(()).ok();
        if tokio::time::timeout(GRACE, &mut task).await.is_err() {
            task.abort();
        }
    }
}
