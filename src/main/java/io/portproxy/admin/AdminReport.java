package io.portproxy.admin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Logs at startup where operators find the dashboard and the admin API. */
@Component
@ConditionalOnWebApplication
final class AdminReport {
    private static final Logger log = LoggerFactory.getLogger(AdminReport.class);

    private final String address;
    private final boolean tls;

    AdminReport(@Value("${server.address:}") String address, @Value("${server.ssl.bundle:}") String bundle) {
        this.address = address;
        this.tls = !bundle.isEmpty();
    }

    @EventListener
    void started(WebServerInitializedEvent event) {
        String host = address.isEmpty() ? "0.0.0.0" : address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        String root = (tls ? "https" : "http") + "://" + host + ":"
                + event.getWebServer().getPort();
        log.info("the dashboard is at {}/, and the admin API at {}/api/v1", root, root);
        if (!tls && !host.startsWith("127.") && !host.equals("localhost") && !host.equals("[::1]")) {
            log.warn("passwords for the admin API are sent without encryption: set server.ssl.bundle");
        }
    }
}
