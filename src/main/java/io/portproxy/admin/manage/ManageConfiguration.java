package io.portproxy.admin.manage;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@Import({
    ApiTokensController.class,
    Changes.class,
    DesiredController.class,
    ExportController.class,
    ManageAdvice.class,
    ManagedGatewaysController.class,
    ManagedHostsController.class,
    ManagedPortsController.class,
    ManagedRemotesController.class,
    ReloadController.class,
    RemoteTokensController.class,
    UsersController.class
})
public class ManageConfiguration {}
