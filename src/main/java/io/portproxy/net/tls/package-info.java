/** TLS for connections on an event loop: handshakes, records, and descriptions of failed handshakes in words. */
@NullMarked
package io.portproxy.net.tls;

import org.jspecify.annotations.NullMarked;
