//! Images of every form, sound and hostile.

mod forms;
mod layers;
mod support;
