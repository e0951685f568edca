//! The `motpart` command.

mod cli;

/// The system's allocator spends a quarter of the request path's time. Without huge pages: they would double the memory of an idle process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
