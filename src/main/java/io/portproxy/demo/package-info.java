/** The demonstration: two targets on loopback, for the profile {@code demo}. */
@NullMarked
package io.portproxy.demo;

import org.jspecify.annotations.NullMarked;
