/**
 * The addresses that the proxy server exposes, and the connections of users to them until these are streams of a
 * tunnel. This package accepts connections, determines who the user is and what the user asks for, and selects the
 * target.
 */
@NullMarked
package io.portproxy.server.exposed;

import org.jspecify.annotations.NullMarked;
