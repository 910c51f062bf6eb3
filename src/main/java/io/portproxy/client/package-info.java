/** The remote's role: dialling the proxy server, backing off, dialling targets. */
@NullMarked
package io.portproxy.client;

import org.jspecify.annotations.NullMarked;
