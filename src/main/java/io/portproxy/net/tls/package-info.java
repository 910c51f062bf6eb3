/** TLS on an event loop's connections: handshakes, records, and the reasons why a handshake fails, in words. */
@NullMarked
package io.portproxy.net.tls;

import org.jspecify.annotations.NullMarked;
