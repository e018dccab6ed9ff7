//! Serves the door to the tests of the window: the commands of the app itself, on machines of their own.
//!
//! `ui/src/testing/serveDoor.ts` starts this once per test run. Listens on loopback only, on a free port, and answers nobody who
//! doesn't know the token. Prints one line of JSON with `address` and `token`, and ends when its standard input does.
#![expect(clippy::print_stdout, reason = "the address goes to standard output")]

mod desk;
mod http;
mod machines;
mod prepared;

use std::error::Error;
use std::net::Ipv4Addr;

use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use machines::Machines;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let machines = Machines::new()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let token = random_token()?;
    let address = listener.local_addr()?;
    println!(
        "{}",
        json!({"address": format!("http://{address}"), "token": token})
    );
    let serving = http::serve(listener, token, machines.clone());
    let mut input = tokio::io::stdin();
    let mut ignored = [0; 64];
    let ended = async { while matches!(input.read(&mut ignored).await, Ok(1..)) {} };
    tokio::select! {
        () = ended => {}
        served = serving => served?,
    }
    machines.remove_all();
    // Reading standard input blocks a thread that nothing ends.
    std::process::exit(0);
}

/// Returns 32 random bytes as hex.
fn random_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
