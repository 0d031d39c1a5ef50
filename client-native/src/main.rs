//! `lamplight-client`: the engine as a command line.

#![deny(clippy::print_stdout)] // One writer, `cli::print`: what cannot be written is an error.

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            cli::aside(format_args!("lamplight-client: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::aside(format_args!(
                "lamplight-client: {}",
                cli::words::error(&error)
            ));
            ExitCode::FAILURE
        }
    }
}
