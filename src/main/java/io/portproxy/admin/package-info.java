/** Wires the operators' API: how requests come to it, and where it listens. Runs on the web server's threads. */
@NullMarked
package io.portproxy.admin;

import org.jspecify.annotations.NullMarked;
