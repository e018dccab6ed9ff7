//! HTTP: each operation is a POST of a JSON object.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::AUTHORIZATION;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::machines::Machines;

/// Serves until the listener fails.
pub(crate) async fn serve(
    listener: TcpListener,
    token: String,
    machines: Arc<Machines>,
) -> std::io::Result<()> {
    let expected: Arc<str> = format!("Bearer {token}").into();
    loop {
        let (stream, _) = listener.accept().await?;
        let (expected, machines) = (expected.clone(), machines.clone());
        let answer = service_fn(move |request| {
            let (expected, machines) = (expected.clone(), machines.clone());
            async move { Ok::<_, Infallible>(answer(request, &expected, &machines).await) }
        });
        // A caller that hangs up is a test that has ended.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    }
}

async fn answer(
    request: Request<Incoming>,
    expected: &str,
    machines: &Arc<Machines>,
) -> Response<Full<Bytes>> {
    let given = request.headers().get(AUTHORIZATION);
    // Pages in a browser on this computer can send requests here, too, but they don't know the token.
    if request.method() != Method::POST || given.is_none_or(|given| given != expected) {
        return response(StatusCode::FORBIDDEN, &json!("no test of this run"));
    }
    let operation = request.uri().path().trim_start_matches('/').to_owned();
    let Ok(body) = request.into_body().collect().await else {
        return response(StatusCode::BAD_REQUEST, &json!("the request broke off"));
    };
    let Ok(body) = serde_json::from_slice::<Value>(&body.to_bytes()) else {
        return response(StatusCode::BAD_REQUEST, &json!("the request isn't JSON"));
    };
    match machines.answer(&operation, body).await {
        Ok(answer) => response(StatusCode::OK, &answer),
        Err(error) => response(StatusCode::UNPROCESSABLE_ENTITY, &error),
    }
}

fn response(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response
}
