@NullMarked
package io.portproxy.acme;

import org.jspecify.annotations.NullMarked;
