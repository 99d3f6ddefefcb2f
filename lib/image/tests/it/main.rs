//! Images of every form, sound and hostile.

mod cache;
mod crew;
mod forms;
mod hostile;
mod layers;
mod properties;
mod real;
mod rpm;
mod support;
