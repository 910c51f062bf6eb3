/**
 * Connects the parts of the operators' API: the path of requests to the controllers, and the log of its address. Runs on
 * the web server's threads.
 */
@NullMarked
package io.portproxy.admin;

import org.jspecify.annotations.NullMarked;
