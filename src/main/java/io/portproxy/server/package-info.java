/** The proxy server's role: tunnel listener, registry of remotes, exposed ports. */
@NullMarked
package io.portproxy.server;

import org.jspecify.annotations.NullMarked;
