/**
 * The demonstration: two targets on loopback, for the profile {@code demo}. Also the profile {@code trial}, which tests a tunnel.
 */
@NullMarked
package io.portproxy.demo;

import org.jspecify.annotations.NullMarked;
