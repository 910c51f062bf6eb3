/** The session of one tunnel and its streams, as state machines without I/O. */
@NullMarked
package io.portproxy.mux;

import org.jspecify.annotations.NullMarked;
