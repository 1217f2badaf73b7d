import { ouvrirChat } from '../chat.ts';

ouvrirChat(document, globalThis.window);
