import { Module } from '@nestjs/common';

import { IdentityConfig, StorageConfig } from '../../config/config.slices.js';
import { AccessTokens } from './access-tokens.js';
import { Administrators } from './administrators.repository.js';
import { DeviceCookies } from './device-cookies.js';
import { FirstAdministrator } from './first-administrator.js';
import { AuthCookies } from './http/auth-cookies.js';
import { AuthController } from './http/auth.controller.js';
import { SetupController } from './http/setup.controller.js';
import { UsersController } from './http/users.controller.js';
import { LoginSessionRepository } from './login-session.repository.js';
import { LoginService } from './login.service.js';
import { SetupLink } from './setup-link.js';
import { chooseSetupLinkSink, SetupLinkSink } from './setup-link.sink.js';
import { SetupTokenRepository } from './setup-token.repository.js';
import { SetupService } from './setup.service.js';
import { SignInCloser } from './sign-in-closer.js';
import { SignInRefresher } from './sign-in-refresher.js';
import { SignInRetention } from './sign-in-retention.js';
import { SignInStates } from './sign-in-states.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { SignIns } from './sign-ins.js';
import { UnattendedSetup } from './unattended-setup.js';
import { UserPrincipals } from './user-principals.js';
import { UserReader } from './user-reader.js';
import { UserRescue } from './user-rescue.js';
import { UserWriter } from './user-writer.js';
import { UserRepository } from './user.repository.js';

@Module({
  controllers: [SetupController, AuthController, UsersController],
  providers: [
    Administrators,
    UserRepository,
    LoginSessionRepository,
    SetupTokenRepository,
    AccessTokens,
    SignInStates,
    UserPrincipals,
    DeviceCookies,
    SignInThrottle,
    SignIns,
    LoginService,
    SignInRefresher,
    SignInCloser,
    FirstAdministrator,
    UnattendedSetup,
    SetupService,
    SetupLink,
    UserReader,
    UserWriter,
    UserRescue,
    SignInRetention,
    AuthCookies,
    {
      provide: SetupLinkSink,
      inject: [IdentityConfig, StorageConfig],
      useFactory: ({ setupLink }: IdentityConfig, { dataDir }: StorageConfig): SetupLinkSink =>
        chooseSetupLinkSink({ mode: setupLink, dataDir, terminal: process.stdout }),
    },
  ],
  exports: [Administrators, SetupLink],
})
export class IdentityModule {}
