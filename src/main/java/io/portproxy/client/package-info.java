/** The role of the remote: connects to the proxy server, reconnects with growing pauses, and connects to targets. */
@NullMarked
package io.portproxy.client;

import org.jspecify.annotations.NullMarked;
