//! The whole relay through sockets, with deadlines short enough to wait for.

mod client;
mod doors;
mod frames;
mod goodbye;
mod http;
mod kill;
mod life;
mod patience;
mod slow;
