package io.portproxy.admin;

import io.portproxy.admin.api.ApiConfiguration;
import io.portproxy.admin.events.EventsConfiguration;
import io.portproxy.admin.manage.ManageConfiguration;
import io.portproxy.admin.problem.ProblemConfiguration;
import io.portproxy.admin.security.SecurityConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the admin API: of this package and of those below it. */
@Configuration(proxyBeanMethods = false)
@Import({
    AdminReport.class,
    ApiConfiguration.class,
    EventsConfiguration.class,
    ManageConfiguration.class,
    ProblemConfiguration.class,
    SecurityConfiguration.class,
    WebConfiguration.class
})
public class AdminConfiguration {}
