/** The data path: joins a connection of {@code net} to a session of {@code mux} and relays bytes. */
@NullMarked
package io.portproxy.tunnel;

import org.jspecify.annotations.NullMarked;
