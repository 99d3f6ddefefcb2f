//! Engines behind TLS.

use super::http::Connection;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Where an engine listens behind TLS, and the certificates with which it is asked.
#[derive(Debug, Clone)]
pub struct Tls {
    /// `host:port`.
    pub(super) host: String,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
}

impl PartialEq for Tls {
    fn eq(&self, other: &Self) -> bool {
        self.host == other.host && Arc::ptr_eq(&self.config, &other.config)
    }
}

impl Eq for Tls {}

impl Tls {
    /// Reads an address as in `DOCKER_HOST`, and the files of a folder as in `DOCKER_CERT_PATH`: `ca.pem`, whose
    /// certificates the engine's must be signed by, `cert.pem` and `key.pem`. Errors name the file, and nothing of it.
    pub fn new(address: &str, folder: &Path) -> Result<Self, String> {
        let host = address.strip_prefix("tcp://").unwrap_or(address).trim_end_matches('/');
        let (name, host) = match host.rsplit_once(':') {
            Some((name, port)) if port.parse::<u16>().is_ok() => (name, host.to_owned()),
            _ => (host, format!("{host}:2376")),
        };
        let bare = name.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(bare).map_err(|_| format!("`{name}` is no name of a host"))?;
        let certificates = |file: &str| {
            let path = folder.join(file);
            let read = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            read.map_err(|error| format!("{}: {error}", path.display()))
        };
        let mut roots = RootCertStore::empty();
        for certificate in certificates("ca.pem")? {
            roots.add(certificate).map_err(|error| format!("{}: {error}", folder.join("ca.pem").display()))?;
        }
        let own = certificates("cert.pem")?;
        let key = folder.join("key.pem");
        let key = PrivateKeyDer::from_pem_file(&key).map_err(|error| format!("{}: {error}", key.display()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_root_certificates(roots).with_client_auth_cert(own, key))
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self { host, name, config: Arc::new(config) })
    }

    /// Speaks TLS over a connection; the first read or write shakes hands.
    pub(super) fn over(&self, stream: TcpStream) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let client = ClientConnection::new(self.config.clone(), self.name.clone()).map_err(io::Error::other)?;
        Ok(StreamOwned::new(client, stream))
    }
}

impl Connection for StreamOwned<ClientConnection, TcpStream> {
    fn patience(&self, time: Duration) -> io::Result<()> {
        self.sock.patience(time)
    }
}
