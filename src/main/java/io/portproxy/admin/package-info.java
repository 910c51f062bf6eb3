/** What operators use: the REST API, its security and its errors. Runs on the web server's threads. */
@NullMarked
package io.portproxy.admin;

import org.jspecify.annotations.NullMarked;
