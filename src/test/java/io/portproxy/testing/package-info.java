/** What the tests share: peers that speak raw bytes, small targets, settings with short times. */
package io.portproxy.testing;
