namespace Kipuka.Sdk;
