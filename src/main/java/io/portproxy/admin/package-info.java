/** What operators use, wired: how requests come to the API, and where it is found. Runs on the web server's threads. */
@NullMarked
package io.portproxy.admin;

import org.jspecify.annotations.NullMarked;
