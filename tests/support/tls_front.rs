//! TLS before a practice org, for clients that speak nothing else.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A listener at `localhost` that unwraps TLS and passes requests on to a plain server, under the server's own host.
///
/// Its certificate comes from an authority made for this one front; it listens until it is dropped.
pub(crate) struct TlsFront {
    /// Host and port, as in `localhost:41234`.
    pub(crate) instance: String,
    /// PEM file of the authority, for the client to trust.
    pub(crate) authority: PathBuf,
    listening: JoinHandle<()>,
}

impl TlsFront {
    /// Starts a front before `server`; the authority's certificate is written into `folder`.
    pub(crate) async fn start(server: SocketAddr, folder: &Path) -> Self {
        let (authority, config) = certificates();
        let file = folder.join("authority.pem");
        std::fs::write(&file, authority.pem()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self {
            instance: format!("localhost:{port}"),
            authority: file,
            listening: tokio::spawn(listen(listener, acceptor, server)),
        }
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, acceptor: TlsAcceptor, server: SocketAddr) {
    while let Ok((outside, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let Ok(outside) = acceptor.accept(outside).await else {
                return;
            };
            let Ok(inside) = TcpStream::connect(server).await else {
                return;
            };
            let (requests, mut answers) = tokio::io::split(outside);
            let (mut from_org, mut to_org) = inside.into_split();
            // Either side may hang up at any time; the client sees it, and that is the test's matter.
            tokio::select! {
                _ = pass_requests_on(BufReader::new(requests), &mut to_org, server) => {}
                _ = tokio::io::copy(&mut from_org, &mut answers) => {}
            }
        });
    }
}

/// Passes requests on, each with the server's host in the place of the front's: an org answers to no other.
async fn pass_requests_on(
    mut requests: impl AsyncBufRead + Unpin,
    server: &mut (impl AsyncWrite + Unpin),
    address: SocketAddr,
) -> std::io::Result<()> {
    loop {
        let mut body_bytes = 0;
        loop {
            let mut line = String::new();
            if requests.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let (name, value) = line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("host") {
                line = format!("Host: {address}\r\n");
            } else if name.eq_ignore_ascii_case("content-length") {
                body_bytes = value.trim().parse().unwrap_or(0);
            }
            server.write_all(line.as_bytes()).await?;
            if line.trim_end().is_empty() {
                break;
            }
        }
        tokio::io::copy(&mut (&mut requests).take(body_bytes), server).await?;
    }
}

/// Makes an authority and a certificate of it for `localhost`: a lone self-signed one is refused by newer Pythons.
fn certificates() -> (Certificate, ServerConfig) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "Authority of one test");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(params, authority_key);

    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();

    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    (authority, config)
}
